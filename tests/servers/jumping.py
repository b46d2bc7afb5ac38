"""
A server whose clock somebody else moves: `python -m tests.servers.jumping FILE serve`, for tests.

FILE holds two numbers: by how many seconds the clock is wrong now, and how often it was read while
it was. What is moved is what tests/servers/ahead.py moves: all that our own code and its log go by.
The monotonic clock, and the database's own, stay.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import execute_from_command_line
from django.utils import timezone

USAGE = "python -m tests.servers.jumping FILE COMMAND ..."
_NUMBERS = struct.Struct("=dd")  # seconds, and how often the clock was read while these were not 0


class Wrong:
    """How wrong a clock is, shared by whoever moves it and whoever reads it."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(_NUMBERS.pack(0, 0))
        with file.open("r+b") as both:
            self._both = mmap.mmap(both.fileno(), _NUMBERS.size)

    @property
    def seconds(self) -> float:
        """By how much it is wrong now."""
        by, count = _NUMBERS.unpack_from(self._both)
        if by:
            _NUMBERS.pack_into(self._both, 0, by, count + 1)
        return float(by)

    @property
    def read(self) -> int:
        """How often it was read while it was wrong, or about: threads take no turns."""
        return int(_NUMBERS.unpack_from(self._both)[1])

    def jump(self, seconds: float) -> None:
        """Be wrong by so much from now on; by 0 it is right."""
        _NUMBERS.pack_into(self._both, 0, seconds, self.read)


def _follow(wrong: Wrong) -> None:
    """Let every clock of this process be wrong by which Django, or a line of its log, goes."""
    module: dict[str, Any] = vars(timezone)
    present: Callable[[], datetime] = module["now"]
    module["now"] = lambda: present() + timedelta(seconds=wrong.seconds)
    seconds: dict[str, Any] = vars(time)
    since: Callable[[], float] = seconds["time"]
    seconds["time"] = lambda: since() + wrong.seconds


def main(arguments: list[str]) -> None:
    """
    Run a command of the project whose clock is as wrong as a file says, at every moment.

    :raises SystemExit: in a place that is no demo: what is real has one clock.
    """
    if os.environ.get("CASEHUB_DEMO") != "1":
        raise SystemExit("only a demo's clock is moved")
    if len(arguments) < 2:
        raise SystemExit(USAGE)
    _follow(Wrong(Path(arguments[0])))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
    execute_from_command_line(["manage.py", *arguments[1:]])


if __name__ == "__main__":
    main(sys.argv[1:])
