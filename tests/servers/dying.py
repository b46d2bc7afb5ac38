"""
A server that dies where it is told to: `python -m tests.servers.dying FILE serve`, for tests alone.

FILE holds the name of a point (`POINTS`) and in which passing of it the process ends itself as a
crash would, or LEAK: then it takes memory until somebody ends it for that. While FILE is empty it
is a server like any other. No point stands in the server's own code: what it calls there is wrapped
here, before it serves.
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

USAGE = "python -m tests.servers.dying FILE COMMAND ..."
#  What has happened where it dies. An act is stored in the order in which they stand here.
POINTS = {
    "message locked": "the rows of a batch are held, nothing is written",
    "message recorded": "the events of a batch are written, in its transaction",
    "message stored": "so are its messages",
    "message grown": "and so is how far its threads have come",
    "message committing": "all statements of a batch were made, it is not committed",
    "message committed": "a batch is committed; nobody was told",
    "message answering": "the doorbell is on its way; who sent it was not answered",
    "message handing out": "who sent it was answered; no reader has it from this process",
    "case recorded": "the event of a case's opening is written, in its transaction",
    "case committing": "all statements of it were made, it is not committed",
    "case committed": "a case is there; who opened it was not answered",
}
LEAK = "leak"
STEP = 2**23  # bytes that are taken at once
LOOKED = 0.05  # seconds between two looks at FILE by who takes memory
SAID = 0.05  # seconds in which an answer goes out over the line
_KINDS = {"messaging.message.": "message", "cases.case.opened": "case"}


class Passing:
    """Where the process is, and whether it is to die there."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._passed = 0
        self._lock = threading.Lock()
        self._here = threading.local()  # which kind of act this thread's transaction has

    def told(self) -> list[str]:
        """Return the point that is named, and the number of its passing."""
        try:
            point, _, times = self._file.read_text(encoding="utf-8").partition("\n")
        except FileNotFoundError:
            return ["", ""]
        return [point, times]

    def at(self, point: str) -> bool:
        """Return whether this is the place and time to die."""
        named, times = self.told()
        if named != point:
            return False
        with self._lock:
            self._passed += 1
            return self._passed >= int(times)

    def __call__(self, point: str) -> None:
        """Die, if it is the place and time."""
        if self.at(point):
            die()

    def records(self, kinds: Sequence[str]) -> None:
        """Note which events the transaction of this thread has."""
        for kind in kinds:
            for begins, name in _KINDS.items():
                if kind.startswith(begins):
                    self._here.act = name

    @property
    def act(self) -> str:
        """Which kind of act the transaction of this thread has, if one of those."""
        return getattr(self._here, "act", "")

    def over(self) -> None:
        """Forget it: the transaction is over."""
        self._here.act = ""


def die() -> None:
    """End as by a crash: nothing more is written, sent, closed or let go."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)  # the signal comes before this is over


def _after(owner: Any, name: str, then: Callable[[], None]) -> None:
    """Let something be done after each call."""
    called = getattr(owner, name)

    @functools.wraps(called)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = called(*args, **kwargs)
        then()
        return result

    setattr(owner, name, wrapped)


def _before(owner: Any, name: str, first: Callable[[], None]) -> None:
    """Let something be done before each call."""
    called = getattr(owner, name)

    @functools.wraps(called)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        first()
        return called(*args, **kwargs)

    setattr(owner, name, wrapped)


def _transactions(passing: Passing) -> None:
    """Put points around each commit, of which it is known what it commits."""
    from django.db.backends.base.base import BaseDatabaseWrapper as Connection  # noqa: PLC0415

    import audit.services  # noqa: PLC0415 - the settings come first
    from audit.services import recording  # noqa: PLC0415

    record = recording.record_many

    @functools.wraps(record)
    def recorded(events: Sequence[Any], **kwargs: Any) -> Any:
        ids = record(events, **kwargs)
        passing.records([one.kind for one in events])
        if passing.act:
            passing(f"{passing.act} recorded")
        return ids

    def committing() -> None:
        if passing.act:
            passing(f"{passing.act} committing")

    def committed() -> None:
        act = passing.act
        passing.over()
        if act:
            passing(f"{act} committed")

    recording.record_many = audit.services.record_many = recorded
    _before(Connection, "_commit", committing)
    _after(Connection, "_commit", committed)
    _after(Connection, "_rollback", passing.over)


def _messages(passing: Passing) -> None:
    """Put points into the way of a message."""
    from messaging import batching, storing  # noqa: PLC0415 - the settings come first
    from messaging.services import messages  # noqa: PLC0415
    from messaging.switchboard import Switchboard  # noqa: PLC0415

    give = Switchboard._give

    @functools.wraps(give)
    async def given(*args: Any) -> None:
        if passing.at("message handing out"):
            await asyncio.sleep(SAID)
            die()
        await give(*args)

    _after(messages._Batch, "__init__", lambda: passing("message locked"))
    _after(storing, "append", lambda: passing("message stored"))
    _after(storing, "grow", lambda: passing("message grown"))
    _before(batching, "_answer", lambda: passing("message answering"))
    Switchboard._give = given  # type: ignore[method-assign]


def _leak(passing: Passing) -> None:
    taken: list[bytearray] = []
    while True:
        if passing.told()[0] == LEAK:
            taken.append(bytearray(os.urandom(4096) * (STEP // 4096)))
        else:
            time.sleep(LOOKED)


def main(arguments: list[str]) -> None:
    """
    Run a command of the project that dies where a file says.

    :raises SystemExit: in a place that is no demo: what is real is not killed.
    """
    if os.environ.get("CASEHUB_DEMO") != "1":
        raise SystemExit("only a demo's server is told to die")
    if len(arguments) < 2:
        raise SystemExit(USAGE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
    import django  # noqa: PLC0415 - the environment comes first
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    django.setup()
    passing = Passing(Path(arguments[0]))
    _transactions(passing)
    _messages(passing)
    threading.Thread(target=_leak, args=[passing], daemon=True).start()
    execute_from_command_line(["manage.py", *arguments[1:]])


if __name__ == "__main__":
    main(sys.argv[1:])
