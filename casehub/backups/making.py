"""Making a backup: of one moment, sealed, whole or not there at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from audit import keyring
from audit.queries import trees

from . import databases, envelope, parts, pieces, stream
from .errors import Stopped
from .manifest import (
    CONTENTS,
    DATABASE,
    FILES,
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
    folder: Path = settings.ATTACHMENTS
    made, key = envelope.make(to, now=now)
    whole = _Counted()
    with databases.standing_still() as database, _finished(target) as out:
        writing = _Writing(made, database, folder)
        whole.write(out, made.written())
        for piece in stream.seal(key, parts.write(writing.parts())):
            whole.write(out, piece)
    missing = pieces.missing_in(folder)
    if missing and not folder.is_dir():
        target.unlink()
        raise Stopped("attachments-elsewhere", folder)
    return Made(
        target,
        whole.bytes,
        whole.digest.hexdigest(),
        writing.manifest,
        writing.contents(),
        missing,
        writing.unreadable,
    )


class _Counted:
    def __init__(self) -> None:
        self.bytes, self.digest = 0, sha256()

    def write(self, out: IO[bytes], portion: bytes) -> None:
        out.write(portion)
        self.bytes += len(portion)
        self.digest.update(portion)


class _Writing:
    """The parts of one backup in their order, and the count of what went by."""

    def __init__(self, made: envelope.Envelope, database: Iterable[bytes], folder: Path) -> None:
        self._header, self.manifest = made.written(), manifest_of(made)
        self._database, self._folder, self._tally = database, folder, Tally()
        self.unreadable: list[str] = []

    def parts(self) -> Iterator[parts.Part]:
        yield MANIFEST, [self.manifest.encode()]
        # The database first: a file that comes later is in nobody's row.
        yield DATABASE, self._counted()
        for name in pieces.lying_in(self._folder):
            try:
                body = (self._folder / name).read_bytes()  # a chunk and its tag
            except FileNotFoundError:  # taken back meanwhile
                continue
            except OSError:  # the disk, or whose it is: all the rest is worth having
                self.unreadable.append(name)
                continue
            self._tally.piece(name, body, pieces.digest_in(name) or "")
            yield FILES + name, [body]
        yield CONTENTS, [self.contents().encode()]

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
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            os.link(unfinished, target)  # whole or not at all, and never over another
        finally:
            unfinished.unlink()
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except FileExistsError as error:
        raise Stopped("file-there", target) from error
    except OSError as error:
        raise Stopped("file-unwritable", f"{target} cannot be written: {error}") from error


def expire(folder: Path, *, keep: timedelta, now: datetime) -> tuple[list[Path], list[Path]]:
    """Remove the backups in a folder that are older than that; return them, and what is none."""
    gone, strange = [], []
    for file in sorted(folder.iterdir()):
        if not _NAMED.fullmatch(file.name):
            continue
        try:
            with file.open("rb") as read:
                made_at = envelope.read(read, where=str(file)).made_at
            if now - made_at > keep:
                file.unlink()
                gone.append(file)
        except (Stopped, OSError):  # somebody else's, or a disk that cannot be read
            strange.append(file)
    return gone, strange
