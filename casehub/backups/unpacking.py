"""Reading a backup to its end: what is in it, and whether this program may restore it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from audit import keyring

from . import databases, envelope, parts, pieces, stream
from .errors import Stopped
from .manifest import (
    CONTENTS,
    DATABASE,
    FILES,
    KEPT,
    LARGEST,
    MANIFEST,
    Contents,
    Manifest,
    Tally,
    check_of,
    seal_of,
)
from .stores import Landing, new

SECRET, EVENTS = "secret-key", "events-key"  # what may be lost
SKEW: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Proof:
    """By what a backup is known as the region's: secrets not `lost`, its SHA-256 as printed."""

    lost: frozenset[str] = frozenset()
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a backup said of itself, and what was in it."""

    manifest: Manifest
    contents: Contents


def open_file(source: envelope.Readable, where: str, *, now: datetime) -> envelope.Envelope:
    """
    Return the envelope of a backup that may still be used.

    :raises Stopped: `backup-foreign`, `backup-expired` or `backup-from-the-future`.
    """
    found = envelope.read(source, where=where)
    said = found.made_at.isoformat()
    if found.made_at - now > SKEW:
        raise Stopped("backup-from-the-future", said)
    if now - found.made_at > timedelta(days=KEPT):
        raise Stopped("backup-expired", said)
    return found


class Source:
    """A file that is read from its beginning to its end, and its SHA-256 so far."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest = file, sha256()

    def read(self, size: int) -> bytes:
        """Read so much, less at the end."""
        return self._counted(self._file.read(size))

    def readline(self, size: int) -> bytes:
        """Read to the end of a line, and no more than so much."""
        return self._counted(self._file.readline(size))

    def _counted(self, portion: bytes) -> bytes:
        self._digest.update(portion)
        return portion

    def hexdigest(self) -> str:
        """Return it."""
        return self._digest.hexdigest()


def unpack(
    source: Source,
    found: envelope.Envelope,
    key: bytes,
    *,
    database: Path,
    files: Landing,
    proof: Proof,
) -> Unpacked:
    """
    Write the database and the files of a stream to where nothing is yet, and prove them.

    Nobody has opened the database by then: it is the region's, or it is refused.

    :raises Stopped: if they are not what the region wrote, or cannot be restored here.
    """
    reading = _Reading(found, database, files)
    for name, portions in parts.read(stream.unseal(key, source)):
        reading.take(name, portions)
    unpacked, header = reading.unpacked(), found.written()
    if proof.sha256 and source.hexdigest() != proof.sha256.lower():
        raise Stopped("backup-other", source.hexdigest())
    _require_region(unpacked, header, reading.manifest_bytes, proof)
    return unpacked


class _Reading:
    """What has been read of a stream."""

    def __init__(self, found: envelope.Envelope, database: Path, files: Landing) -> None:
        self._found, self._database, self._files = found, database, files
        self._tally, self._names = Tally(), set[str]()
        self.manifest_bytes = b""
        self._manifest: Manifest | None = None
        self._contents: Contents | None = None

    def take(self, name: str, portions: Iterator[bytes]) -> None:
        if name in self._names:
            raise Stopped("backup-changed", "a part of it is there twice")
        self._names.add(name)
        if self._manifest is None:
            if name != MANIFEST:
                raise Stopped("backup-changed", f"{MANIFEST} is not its first part")
            self.manifest_bytes = _whole(portions)
            self._manifest = Manifest.parse(self.manifest_bytes)
            if self._outside() != (self._manifest.id, self._manifest.made_at):
                raise Stopped("backup-changed", "it is another one inside than it says outside")
            _require_fit(self._manifest)
        elif name == DATABASE:
            with new(self._database) as out:
                for portion in portions:
                    out.write(portion)
                    self._tally.database(portion)
        elif name == CONTENTS:
            self._contents = Contents.parse(_whole(portions))
        else:
            self._piece(name, portions)

    def _outside(self) -> tuple[str, str]:
        return self._found.id, self._found.made_at.isoformat()

    def _piece(self, name: str, portions: Iterator[bytes]) -> None:
        within = name.removeprefix(FILES)
        promised = pieces.digest_in(within)
        if promised is None or not name.startswith(FILES):
            raise Stopped("backup-changed", "a part has another name than any of ours")
        body = _whole(portions)
        self._tally.piece(within, body, promised)
        self._files.put(within, body)

    def unpacked(self) -> Unpacked:
        said, found = self._contents, self._tally.contents()
        bare = None if said is None else replace(said, secret_seal="", events_seal="")
        if self._manifest is None or said is None or bare != found:
            raise Stopped("backup-changed", "it does not hold what it says")
        return Unpacked(self._manifest, said)


def _whole(portions: Iterator[bytes]) -> bytes:
    out = io.BytesIO()
    for portion in portions:
        if out.write(portion) and out.tell() > LARGEST:
            raise Stopped("backup-changed", "a part is too large")
    return out.getvalue()


def _require_fit(manifest: Manifest) -> None:
    if manifest.kind != databases.kind():
        raise Stopped("other-database", manifest.kind)
    known = MigrationLoader(None).disk_migrations
    later = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if later:
        raise Stopped("release-older", ", ".join(later[:5]))


def _require_region(unpacked: Unpacked, header: bytes, manifest_bytes: bytes, proof: Proof) -> None:
    """
    Compare the secrets here with those of the region that was backed up, and what they seal.

    :raises Stopped: `other-secret-key`, `other-events-key`, `backup-forged` or `sha256-needed`.
    """
    said = unpacked.contents
    if proof.lost >= {SECRET, EVENTS} and not proof.sha256:
        raise Stopped("sha256-needed")
    for name, code, secrets, check, seal in (
        (
            SECRET,
            "other-secret-key",
            # Also of before: what the database holds was sealed under that one, and still opens.
            [one.encode() for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)],
            unpacked.manifest.secret_check,
            said.secret_seal,
        ),
        (
            EVENTS,
            "other-events-key",
            [keyring.events_secret()],
            unpacked.manifest.events_check,
            said.events_seal,
        ),
    ):
        if name in proof.lost:
            continue
        known = [one for one in secrets if check_of(one, unpacked.manifest.id) == check]
        if not known:
            raise Stopped(code)
        own = seal_of(known[0], header, manifest_bytes, said)
        if not compare_digest(own.encode(), str(seal).encode()):
            raise Stopped("backup-forged")
