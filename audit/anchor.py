"""
The anchor: the newest signed checkpoint of each origin, in files outside the database.

A database can be restored from yesterday's backup, and would then sign another history under
today's sizes. The anchor remembers what was signed: it only moves forward, one compare-and-swap
at a time, and a signature is let out only after it has moved. Keep it on another volume, and out
of the database's backups. It also remembers which logs have ended for good, and whether a restore
into the database beside it is unfinished.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import quote

from .tlog.checkpoint import Checkpoint
from .tlog.note import Note

# No origin is called so: theirs begin with audit. or dir.
_ENDED, _UNFINISHED = "ended", "restoring"


class AnchorHeld(Exception):
    """Another process signs with this anchor."""


class AnchorMoved(Exception):
    """The anchor is not where this process left it, or would have to go backwards."""


class Anchor:
    """One folder, one file an origin; the file is the signed note itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: IO[str] | None = None

    def hold(self) -> None:
        """
        Keep the anchor for this process until `release`; holding it twice is holding it once.

        :raises AnchorHeld: if another process has it.
        """
        if self._lock is not None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        file = (self._folder / "lock").open("a", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise AnchorHeld("another process signs with the folder of CASEHUB_ANCHOR") from error
        self._lock = file

    def release(self) -> None:
        """Let go of the anchor."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _file(self, origin: str) -> Path:
        return self._folder / quote(origin, safe="")

    def read(self, origin: str) -> str | None:
        """Return the note of the newest checkpoint that was signed, or None."""
        try:
            return self._file(origin).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def swap(
        self,
        origin: str,
        before: str | None,
        after: str,
        passing: Callable[[str], None] = lambda _: None,
    ) -> None:
        """
        Put the note `after` where the note `before` stands, durably.

        `passing` is told when it lies on the disk, beside the one that still counts.

        :raises AnchorHeld: if this process does not hold the anchor.
        :raises AnchorMoved: if another note stands there, or `after` is not larger.
        """
        if self._lock is None:
            raise AnchorHeld("the anchor is moved only by the process that holds it")
        if self.read(origin) != before:
            raise AnchorMoved(f"the anchor of {origin} was moved by somebody else")
        if before is not None and _size(after) <= _size(before):
            raise AnchorMoved(f"the anchor of {origin} does not go backwards")
        file = self._file(origin)
        fresh = file.with_name(file.name + ".new")
        with fresh.open("w", encoding="utf-8") as out:
            out.write(after)
            out.flush()
            os.fsync(out.fileno())
        passing("written")
        fresh.replace(file)
        _sync(self._folder)

    # ------------------------------------------------------------------ never again, and not yet

    def end(self, origin: str) -> None:
        """Remember that a log is never signed again."""
        folder = self._folder / _ENDED
        folder.mkdir(parents=True, exist_ok=True)
        (folder / quote(origin, safe="")).touch()
        _sync(folder)
        _sync(self._folder)

    def has_ended(self, origin: str) -> bool:
        """Say whether a log is never to be signed again."""
        return (self._folder / _ENDED / quote(origin, safe="")).exists()

    @property
    def unfinished(self) -> Path:
        """The file that lies here while a restore into the database is not finished."""
        return self._folder / _UNFINISHED

    def begin_restoring(self) -> None:
        """Remember that what is in the database is nobody's yet."""
        self.unfinished.touch()
        _sync(self._folder)

    def finish_restoring(self) -> None:
        """Forget it: all of it is there, or nothing."""
        self.unfinished.unlink(missing_ok=True)
        _sync(self._folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _size(note: str) -> int:
    return Checkpoint.parse(Note.parse(note).text).size
