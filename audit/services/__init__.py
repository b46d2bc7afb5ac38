"""Writing to the log: events in the transaction of their act, trees by the one sequencer."""

from .erasing import NotErasable, erase
from .integrating import anything_waits, close_log, integrate, open_log
from .publishing import publish
from .recording import record, record_many

__all__ = [
    "NotErasable",
    "anything_waits",
    "close_log",
    "erase",
    "integrate",
    "open_log",
    "publish",
    "record",
    "record_many",
]
