"""Making a backup: of one moment, sealed, whole or not there at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from audit import keyring
from audit.queries import trees

from . import databases, envelope, parts, pieces, stores, stream
from .disks import sync
from .errors import Stopped
from .manifest import (
    CONTENTS,
    DATABASE,
    FILES,
    LARGEST,
    MANIFEST,
    Contents,
    LogSaid,
    Manifest,
    Tally,
    check_of,
    seal_of,
)
from .recipients import Recipient

_NAMED: Final = re.compile(r"casehub-[0-9]{8}T[0-9]{6}Z\.backup")
_LEFT: Final = re.compile(rf"\.{_NAMED.pattern}\.[0-9]+")  # by one that was killed


@dataclass(frozen=True, slots=True)
class Made:
    """What was written, and what somebody should look at."""

    file: Path
    bytes: int
    sha256: str
    manifest: Manifest
    contents: Contents
    missing: int
    unreadable: list[str]


def place_of(to: Path, *, now: datetime) -> Path:
    """
    Return the file to write: `to` itself, or one named by the time if that is a folder.

    :raises Stopped: `file-there`.
    """
    target = to / f"casehub-{now:%Y%m%dT%H%M%SZ}.backup" if to.is_dir() else to
    if target.exists():
        raise Stopped("file-there", target)
    return target


def make(target: Path, to: Sequence[Recipient], *, now: datetime) -> Made:
    """
    Write a backup; under its name it is whole and on the disk.

    :raises Stopped: with why nothing was written.
    """
    place = stores.here()
    made, key = envelope.make(to, now=now)
    with ExitStack() as still:
        database = still.enter_context(databases.standing_still())
        place.require(lambda: any(pieces.named()))
        with _finished(target) as out:
            writing, whole = _Writing(made, database, place, still), _Counted(target, out)
            whole.write(made.written())
            for piece in stream.seal(key, parts.write(writing.parts())):
                whole.write(piece)
    return Made(
        target,
        whole.bytes,
        whole.digest.hexdigest(),
        writing.manifest,
        writing.contents(),
        len(writing.missing),
        writing.unreadable,
    )


class _Counted:
    def __init__(self, target: Path, out: IO[bytes]) -> None:
        self._target, self._out = target, out
        self.bytes, self.digest = 0, sha256()

    def write(self, portion: bytes) -> None:
        with _said_of(self._target):
            self._out.write(portion)
        self.bytes += len(portion)
        self.digest.update(portion)


class _Writing:
    """The parts of one backup in their order, and the count of what went by."""

    def __init__(
        self,
        made: envelope.Envelope,
        database: Iterable[bytes],
        place: stores.Place,
        still: ExitStack,
    ) -> None:
        self._header, self.manifest = made.written(), manifest_of(made)
        self._database, self._place, self._tally = database, place, Tally()
        self._still, self.missing = still, set[str]()
        self.unreadable: list[str] = []

    def parts(self) -> Iterator[parts.Part]:
        yield MANIFEST, [self.manifest.encode()]
        # The database first: a file that comes later is in nobody's row.
        yield DATABASE, self._counted()
        self.missing.update(pieces.named())  # those of the same moment
        self._still.close()  # files take hours: no snapshot is held, and no copy lies, for them
        for name in self._place.lying(self.unreadable):
            if (body := self._read(name)) is not None:
                self._tally.piece(name, body, pieces.digest_in(name) or "")
                yield FILES + name, [body]
                self.missing.discard(name)
        yield CONTENTS, [self.contents().encode()]

    def _read(self, name: str) -> bytes | None:
        """Return a chunk and its tag, if it can be read; and by whoever restores it."""
        try:
            body = self._place.read(name, LARGEST)
        except FileNotFoundError:  # taken back meanwhile
            return None
        except OSError:  # the disk, or whose it is: all the rest is worth having
            self.unreadable.append(name)
            return None
        if len(body) > LARGEST:
            self.unreadable.append(name)
            return None
        return body

    def _counted(self) -> Iterator[bytes]:
        for portion in self._database:
            self._tally.database(portion)
            yield portion

    def contents(self) -> Contents:
        bare, manifest = self._tally.contents(), self.manifest.encode()
        secret, events = settings.SECRET_KEY.encode(), keyring.events_secret()
        return replace(
            bare,
            secret_seal=seal_of(secret, self._header, manifest, bare),
            events_seal=seal_of(events, self._header, manifest, bare),
        )


def manifest_of(made: envelope.Envelope) -> Manifest:
    """Return what the database says of itself at this moment."""
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        id=made.id,
        made_at=made.made_at.isoformat(),
        kind=databases.kind(),
        migrations=sorted([app, name] for app, name in applied),
        logs=[
            LogSaid(
                log.origin,
                log.size,
                bytes(log.root).hex(),
                trees.newest_signed(log),
                trees.newest_published(log),
            )
            for log in trees.current()
        ],
        secret_check=check_of(settings.SECRET_KEY.encode(), made.id),
        events_check=check_of(keyring.events_secret(), made.id),
    )


@contextmanager
def _finished(target: Path) -> Iterator[IO[bytes]]:
    """Write beside the target, and put it there once it is on the disk; else leave nothing."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    with _said_of(unfinished):  # of one file, in a container, one that was killed has this name
        out = os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    try:
        try:
            yield out
            with _said_of(target):
                out.flush()
                os.fsync(out.fileno())
        finally:
            with _said_of(target):
                out.close()
        with _said_of(target):
            os.link(unfinished, target)  # whole or not at all, and never over another
    finally:
        unfinished.unlink(missing_ok=True)
    with _said_of(target):
        sync(target.parent)


@contextmanager
def _said_of(target: Path) -> Iterator[None]:
    """Say that it was the target, and nothing that is read: `file-unwritable` or `file-there`."""
    try:
        yield
    except FileExistsError as error:
        raise Stopped("file-there", target) from error
    except OSError as error:
        raise Stopped("file-unwritable", f"{target} cannot be written: {error}") from error


def expire(folder: Path, *, keep: timedelta, now: datetime) -> tuple[list[Path], list[Path]]:
    """
    Remove the backups in a folder that are older than that; return them, and what is none.

    What was never finished goes like them, by its file's date where it has no header yet.
    """
    gone, strange = [], []
    for file in sorted(folder.iterdir()):
        left = _LEFT.fullmatch(file.name) is not None
        if not left and not _NAMED.fullmatch(file.name):
            continue
        try:
            if now - _made_at(file, left=left) > keep:
                file.unlink()
                gone.append(file)
        except (Stopped, OSError):  # somebody else's, or a disk that cannot be read
            strange.append(file)
    return gone, strange


def newest(folder: Path) -> datetime | None:
    """Return when the newest backup in a folder was made, by what it says itself."""
    made = []
    for file in folder.iterdir():
        if _NAMED.fullmatch(file.name):
            with suppress(Stopped, OSError):
                made.append(_made_at(file, left=False))
    return max(made, default=None)


def _made_at(file: Path, *, left: bool) -> datetime:
    try:
        with file.open("rb") as read:
            return envelope.read(read, where=str(file)).made_at
    except Stopped:
        if not left:
            raise
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
