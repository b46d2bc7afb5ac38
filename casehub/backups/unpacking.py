"""Reading a backup to its end: what is in it, and whether this program may restore it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
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
    check_of,
)

SECRET, EVENTS = "secret-key", "events-key"  # what may be lost
SKEW: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a backup said of itself, and what was in it."""

    manifest: Manifest
    contents: Contents


def open_file(source: IO[bytes], where: str, *, now: datetime) -> envelope.Envelope:
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


def unpack(source: IO[bytes], key: bytes, *, database: Path, files: Path) -> Unpacked:
    """
    Write the database and the files of a stream to where nothing is yet, and compare them.

    :raises Stopped: if they are not what was written, or cannot be restored here.
    """
    manifest: Manifest | None = None
    size, digest, count, total = 0, sha256(), 0, 0
    damaged: list[str] = []
    contents: Contents | None = None
    for name, portions in parts.read(stream.unseal(key, source)):
        if manifest is None:
            if name != MANIFEST:
                raise Stopped("backup-changed", f"{MANIFEST} is not its first part")
            manifest = Manifest.parse(_whole(portions))
            _require_fit(manifest)
        elif name == DATABASE:
            with _new(database) as out:
                for portion in portions:
                    out.write(portion)
                    digest.update(portion)
                    size += len(portion)
        elif name == CONTENTS:
            contents = Contents.parse(_whole(portions))
        else:
            promised = pieces.digest_in(name.removeprefix(FILES))
            if promised is None or not name.startswith(FILES):
                raise Stopped("backup-changed", "a part has another name than any of ours")
            body = _whole(portions)
            count, total = count + 1, total + len(body)
            if sha256(body).hexdigest() != promised:
                damaged.append(name.removeprefix(FILES))
            place = files / name.removeprefix(FILES)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _new(place) as out:
                out.write(body)
    found = Contents(size, digest.hexdigest(), count, total, damaged)
    if manifest is None or contents != found:
        raise Stopped("backup-changed", "it does not hold what it says")
    return Unpacked(manifest, found)


def _whole(portions: Iterator[bytes]) -> bytes:
    out = io.BytesIO()
    for portion in portions:
        if out.write(portion) and out.tell() > LARGEST:
            raise Stopped("backup-changed", "a part is too large")
    return out.getvalue()


def _new(file: Path) -> IO[bytes]:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _require_fit(manifest: Manifest) -> None:
    if manifest.kind != databases.kind():
        raise Stopped("other-database", manifest.kind)
    known = MigrationLoader(None).disk_migrations
    later = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if later:
        raise Stopped("release-older", ", ".join(later[:5]))


def require_secrets(manifest: Manifest, lost: frozenset[str]) -> None:
    """
    Compare the secrets here with those of the region that was backed up.

    :raises Stopped: `other-secret-key` or `other-events-key`, but for those that are lost.
    """
    for name, code, secret, check in (
        (SECRET, "other-secret-key", settings.SECRET_KEY.encode(), manifest.secret_check),
        (EVENTS, "other-events-key", keyring.events_secret(), manifest.events_check),
    ):
        if name not in lost and check_of(secret, manifest.id) != check:
            raise Stopped(code)
