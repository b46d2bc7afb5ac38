"""
What a backup says of itself, inside what is sealed (pure).

`manifest.json` is the first part and says of which moment everything is; `contents.json` is the
last and says how much there was. Canonical JSON (RFC 8785).
"""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any, Final, Self

import rfc8785

from .errors import Stopped

FORM: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database"
FILES: Final = "attachments/"
CONTENTS: Final = "contents.json"
KEPT: Final = 35  # days that a backup may be kept: what is erased has to go from all of them
LARGEST: Final = 8 * 1024 * 1024  # bytes of either, and of a piece
NAMED: Final = 100  # damaged pieces that are named: a whole disk of them must be readable again


@dataclass(frozen=True, slots=True)
class LogSaid:
    """A log at the snapshot: its size and root (hex), the newest notes signed and published."""

    origin: str
    size: int
    root: str
    signed: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    Of which moment a backup is.

    `kind` is the database's; `migrations` are those applied, as app and name. The checks tell
    whether the two secrets that stay outside are the same: a hash under each that opens nothing.
    """

    id: str
    made_at: str
    kind: str
    migrations: list[list[str]]
    logs: list[LogSaid]
    secret_check: str
    events_check: str

    def encode(self) -> bytes:
        """Return it as it is stored."""
        return rfc8785.dumps({"form": FORM, **asdict(self)})

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """
        Read one.

        :raises Stopped: `backup-foreign` if it is of another form.
        """
        try:
            said = json.loads(raw)
            if said.pop("form") != FORM:
                raise Stopped("backup-foreign", MANIFEST)
            said["logs"] = [LogSaid(**one) for one in said["logs"]]
            said["migrations"] = [[str(app), str(name)] for app, name in said["migrations"]]
            return cls(**said)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Stopped("backup-foreign", MANIFEST) from error


@dataclass(frozen=True, slots=True)
class Contents:
    """
    How much there was: bytes and SHA-256 of the database's part, pieces of files and their bytes.

    `pieces_sha256` is of their names and digests in their order. `damaged` counts those whose bytes
    were not what their name says when they were backed up, `damaged_first` names the first of them.
    The seals say that the region made it.
    """

    database_bytes: int
    database_sha256: str
    pieces: int
    piece_bytes: int
    pieces_sha256: str
    damaged: int
    damaged_first: list[str]
    secret_seal: str = ""
    events_seal: str = ""

    def encode(self) -> bytes:
        """Return it as it is stored."""
        return rfc8785.dumps(asdict(self))

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """
        Read one.

        :raises Stopped: `backup-foreign` if it is of another form.
        """
        try:
            said: dict[str, Any] = json.loads(raw)
            return cls(**said)
        except (ValueError, TypeError, RecursionError) as error:
            raise Stopped("backup-foreign", CONTENTS) from error

    def told_damaged(self) -> list[str]:
        """Return the names of what was damaged, or how many more there are."""
        more = self.damaged - len(self.damaged_first)
        return [*self.damaged_first, *([f"{more} more"] if more > 0 else [])]


def check_of(secret: bytes, id_: str) -> str:
    """Return what tells a secret from another one, in this backup alone."""
    return hmac.digest(secret, f"casehub-backup/1 check {id_}".encode(), sha256)[:16].hex()


class Tally:
    """What went by of a backup's parts, counted the same when it is written and when it is read."""

    def __init__(self) -> None:
        self._size, self._database = 0, sha256()
        self._pieces = self._bytes = 0
        self._names = sha256()
        self._damaged, self._named = 0, list[str]()

    def database(self, portion: bytes) -> None:
        """Take more of the database."""
        self._size += len(portion)
        self._database.update(portion)

    def piece(self, name: str, body: bytes, promised: str) -> None:
        """Take a piece of a file."""
        digest = sha256(body).hexdigest()
        self._pieces += 1
        self._bytes += len(body)
        self._names.update(f"{name} {digest}\n".encode())
        if digest != promised:
            self._damaged += 1
            if len(self._named) < NAMED:
                self._named.append(name)

    def contents(self) -> Contents:
        """Return what it was, without seals."""
        database, names = self._database.hexdigest(), self._names.hexdigest()
        counts = self._pieces, self._bytes, names, self._damaged, self._named
        return Contents(self._size, database, *counts)


def seal_of(secret: bytes, header: bytes, manifest: bytes, contents: Contents) -> str:
    """
    Return what only a holder of the region's secret can write under all of a backup.

    Whoever has a backup's recipients could seal a file of their own to them; this they cannot make.
    """
    key = hmac.digest(secret, b"casehub-backup/1 seal", sha256)
    bare = replace(contents, secret_seal="", events_seal="")
    digests = [sha256(one).digest() for one in (header, manifest, bare.encode())]
    return hmac.digest(key, b"".join(digests), sha256).hex()
