"""
What a witness remembers: of each log the newest checkpoint that it cosigned.

This is all that keeps it from signing two histories, so it is on the disk before a signature
leaves, moves only forward and is never deleted. The journal is SQLite's older kind: beside a
write-ahead log, a copy of the main file alone would be an older state.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .errors import Stop

FILE = "witness.sqlite3"
APPLICATION = 0x63686277  # "chbw": whose file this is
VERSION = 1
_WAIT = 10  # seconds for a reader of the file to be done

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE seen (
  origin TEXT NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL CHECK (size >= 0),
  root BLOB NOT NULL CHECK (length(root) = 32),
  note TEXT NOT NULL,
  cosignature TEXT NOT NULL,
  time INTEGER NOT NULL CHECK (time > 0)
) STRICT;
CREATE TRIGGER seen_only_grows BEFORE UPDATE ON seen
WHEN NEW.origin <> OLD.origin OR NEW.size < OLD.size OR NEW.time < OLD.time
  OR (NEW.size = OLD.size AND NEW.root <> OLD.root)
BEGIN SELECT RAISE(ABORT, 'a witness does not go back'); END;
CREATE TRIGGER seen_stays BEFORE DELETE ON seen
BEGIN SELECT RAISE(ABORT, 'a witness does not forget'); END;
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
COMMIT;
"""
_READ = "SELECT size, root, note, cosignature, time FROM seen WHERE origin = ?"
_WRITE = """
INSERT INTO seen (origin, size, root, note, cosignature, time) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root,
  note = excluded.note, cosignature = excluded.cosignature, time = excluded.time
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest tree of a log: its note as the log signed it, and our line and its time."""

    size: int
    root: bytes
    note: str
    cosignature: str
    time: int

    def whole(self) -> str:
        """Return the note with the log's signatures and ours."""
        return self.note + self.cosignature


class State:
    """A folder, held by this process until `close`."""

    def __init__(self, folder: Path) -> None:
        """
        Open or begin the state in `folder`.

        :raises Stop: if it cannot be used, or another process uses it.
        """
        self.folder = folder
        self._one = threading.Lock()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = _held(folder / "lock")
        except OSError as error:
            raise Stop(f"the state folder {folder} cannot be used: {error.strerror}") from error
        try:
            self._database = _opened(folder / FILE)
        except OSError as error:
            self._lock.close()
            raise Stop(f"the state folder {folder} cannot be used: {error.strerror}") from error
        except BaseException:
            self._lock.close()
            raise

    def close(self) -> None:
        """Let go of the folder."""
        with self._one:
            self._database.close()
        self._lock.close()

    def last(self, origin: str) -> Seen | None:
        """Return the newest checkpoint of a log that was cosigned, if any was."""
        with self._one:
            return self._read(origin)

    def origins(self) -> list[str]:
        """Return the logs of which something was cosigned."""
        with self._one:
            return [row[0] for row in self._database.execute("SELECT origin FROM seen")]

    def _read(self, origin: str) -> Seen | None:
        row = self._database.execute(_READ, [origin]).fetchone()
        return None if row is None else Seen(*row)

    def move(self, origin: str, step: Callable[[Seen | None], Seen]) -> Seen:
        """
        Put `step(what is there)` in its place, durably, with nothing in between.

        Whatever `step` raises leaves the state as it was. The same again costs no writing: whoever
        repeats a public checkpoint all day does not wear the disk.

        :raises sqlite3.Error: if it could not be written; then nothing of it may be let out.
        """
        with self._one, _transaction(self._database):
            before = self._read(origin)
            after = step(before)
            if after != before:
                row = (origin, after.size, after.root, after.note, after.cosignature, after.time)
                self._database.execute(_WRITE, row)
        return after


def _held(file: Path) -> IO[str]:
    lock = file.open("a", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise Stop(f"another witness runs on {file.parent}: one state, one process") from error
    return lock


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # a failed COMMIT may have rolled back by itself
            database.execute("ROLLBACK")
        raise


def _opened(file: Path) -> sqlite3.Connection:
    try:
        if not file.exists():
            _begin(file)
        database = _connected(file)
        try:
            _check(database)
        except BaseException:
            database.close()
            raise
    except sqlite3.Error as error:
        raise Stop(f"the state {file} cannot be used: {error}") from error
    return database


def _connected(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA synchronous = EXTRA")  # the journal's removal reaches the disk too
        database.execute("PRAGMA recursive_triggers = ON")  # else REPLACE deletes past the trigger
    except BaseException:
        database.close()
        raise
    return database


def _begin(file: Path) -> None:
    """
    Make the state of a witness that has signed nothing: whole, or not at all.

    An empty file under its name would be refused for ever, and rightly: one that has signed may
    have been emptied.
    """
    fresh = file.with_name(f"{file.name}.new")
    for left in (fresh, fresh.with_name(f"{fresh.name}-journal")):  # by one that was killed
        left.unlink(missing_ok=True)
    with closing(_connected(fresh)) as database:
        database.executescript(_SCHEMA)
    fresh.rename(file)
    _sync(file.parent)


def _check(database: sqlite3.Connection) -> None:
    mark = database.execute("PRAGMA application_id").fetchone()
    version = database.execute("PRAGMA user_version").fetchone()
    if (*mark, *version) != (APPLICATION, VERSION):
        raise sqlite3.DatabaseError("it is not a witness's, or of another version")
    if database.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
        raise sqlite3.DatabaseError("it is damaged")
    with _transaction(database):  # find out now whether it can be written
        database.execute(f"PRAGMA user_version = {VERSION}")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def look(folder: Path) -> dict[str, Seen]:
    """
    Return what a state holds, also while its witness runs.

    :raises Stop: if it cannot be read.
    """
    file = folder / FILE
    try:
        database = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=_WAIT)
        try:
            rows = database.execute(
                "SELECT origin, size, root, note, cosignature, time FROM seen ORDER BY origin"
            ).fetchall()
        finally:
            database.close()
    except sqlite3.Error as error:
        raise Stop(f"the state {file} cannot be read: {error}") from error
    return {origin: Seen(*rest) for origin, *rest in rows}
