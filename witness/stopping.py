"""When a witness ends: at SIGTERM, at SIGINT, and if wished when its parent closes its input."""

from __future__ import annotations

import os
import signal
import threading


def told_to_stop(*, at_end_of_input: bool) -> threading.Event:
    """Return an event that will be set."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if at_end_of_input:

        def read() -> None:
            try:
                # Not sys.stdin: a thread that waits in it would hold its lock at the end.
                while os.read(0, 4096):
                    pass
            except OSError:
                pass
            stopping.set()

        threading.Thread(target=read, daemon=True).start()
    return stopping
