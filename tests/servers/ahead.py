"""
A server whose clock goes ahead: `python -m tests.servers.ahead SECONDS serve`, for tests alone.

What waits a day is seen to end without waiting for it. Nothing outside this module can shift the
clock: the server itself has no setting for it. Django's present moment and the seconds by which
codes of six digits go are replaced here, before anything of the server is loaded; the database's
own clock, by which the log tells how long it is behind, stays.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.management import execute_from_command_line
from django.utils import timezone

USAGE = "python -m tests.servers.ahead SECONDS COMMAND ..."


def shift(by: timedelta) -> None:
    """Let every clock of this process go ahead by which Django, or a code of six digits, goes."""
    module: dict[str, Any] = vars(timezone)
    present: Callable[[], datetime] = module["now"]
    module["now"] = lambda: present() + by
    seconds: dict[str, Any] = vars(time)
    since: Callable[[], float] = seconds["time"]
    seconds["time"] = lambda: since() + by.total_seconds()


def main(arguments: list[str]) -> None:
    """
    Run a command of the project that much later.

    :raises SystemExit: in a place that is no demo: what is real has one clock.
    """
    if os.environ.get("CASEHUB_DEMO") != "1":
        raise SystemExit("only a demo's clock is shifted")
    if len(arguments) < 2 or not arguments[0].isdecimal():
        raise SystemExit(USAGE)
    shift(timedelta(seconds=int(arguments[0])))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
    execute_from_command_line(["manage.py", *arguments[1:]])


if __name__ == "__main__":
    main(sys.argv[1:])
