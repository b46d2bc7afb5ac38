"""Writing to the log: events in the transaction of their act, trees by the one sequencer."""

from .erasing import NotErasable, erase
from .exporting import record_export
from .integrating import anything_waits, close_log, integrate, open_log
from .publishing import GRACE, Heard, dispute, hear, publish, publish_cosigned, submit
from .recording import collecting, record, record_many
from .rotating import OVERLAP, NotRotatable, rotate_key, succeed_log
from .stalling import look_again

__all__ = [
    "GRACE",
    "OVERLAP",
    "Heard",
    "NotErasable",
    "NotRotatable",
    "anything_waits",
    "close_log",
    "collecting",
    "dispute",
    "erase",
    "hear",
    "integrate",
    "look_again",
    "open_log",
    "publish",
    "publish_cosigned",
    "record",
    "record_export",
    "record_many",
    "rotate_key",
    "submit",
    "succeed_log",
]
