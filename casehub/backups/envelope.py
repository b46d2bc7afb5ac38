"""
What stands before the sealed stream (pure): for whom it is, and its key for every two States.

    casehub-backup/1
    {"id":…,"made_at":…,"pairs":[[0,1,"…"],…],"recipients":["… SV …",…]}
    the stream (stream.py)

The file's key is 32 random bytes. For each two recipients of different States it is sealed by HPKE
(RFC 9180: X25519, HKDF-SHA256, AES-256-GCM) to the second, and the result to the first. The
stream's key comes from the file's key and the hash of these two lines, so a line that was changed
opens nothing. Anybody can seal so; that it is the region's is said inside (manifest.py).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import combinations
from typing import Any, Final, Protocol

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from casehub.core.errors import DomainError
from casehub.core.frames import from_b64u, to_b64u

from . import recipients, stream
from .errors import Stopped
from .recipients import Holder, Recipient

FORM: Final = b"casehub-backup/1\n"
LONGEST: Final = 1024 * 1024  # bytes of the second line
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Envelope:
    """When a file was made, for whom, and the sealed keys by two places among them."""

    id: str
    made_at: datetime
    recipients: tuple[Recipient, ...]
    pairs: dict[tuple[int, int], bytes]

    def written(self) -> bytes:
        """Return both lines."""
        said: dict[str, Any] = {
            "id": self.id,
            "made_at": self.made_at.strftime(_TIME),
            "pairs": [[i, j, to_b64u(sealed)] for (i, j), sealed in sorted(self.pairs.items())],
            "recipients": [str(one) for one in self.recipients],
        }
        return FORM + rfc8785.dumps(said) + b"\n"


def _info(id_: str, pair: tuple[Recipient, Recipient], turn: int) -> bytes:
    return f"casehub-backup/1 {id_} {turn}\n{pair[0]}\n{pair[1]}".encode()


def _stream_key(key: bytes, envelope: Envelope) -> bytes:
    salt = sha256(envelope.written()).digest()
    hkdf = HKDF(algorithm=SHA256(), length=stream.KEY, salt=salt, info=b"casehub-backup/1 stream")
    return hkdf.derive(key)


def make(to: Sequence[Recipient], *, now: datetime) -> tuple[Envelope, bytes]:
    """
    Return an envelope for these and the key of the stream in it.

    :raises Stopped: if they are of fewer than two States, or too many.
    """
    whole, id_, key = recipients.together(to), secrets.token_hex(16), secrets.token_bytes(32)
    pairs = {}
    for (i, first), (j, second) in combinations(enumerate(whole), 2):
        if first.state != second.state:
            inner = _SUITE.encrypt(key, second.key, info=_info(id_, (first, second), 2))
            pairs[i, j] = _SUITE.encrypt(inner, first.key, info=_info(id_, (first, second), 1))
    made = Envelope(id_, now.astimezone(UTC).replace(microsecond=0), whole, pairs)
    return made, _stream_key(key, made)


class Readable(stream.Readable, Protocol):
    """What is read by lines, too."""

    def readline(self, size: int, /) -> bytes:
        """Return what is left of a line, and no more bytes than that."""


def read(file: Readable, *, where: str) -> Envelope:
    """
    Return the envelope of a file, which is left where its stream begins.

    Nothing in it is proven before the stream opens.

    :raises Stopped: `backup-foreign` if there is none.
    """
    if file.read(len(FORM)) != FORM:
        raise Stopped("backup-foreign", where)
    line = file.readline(LONGEST)
    try:
        found = _parsed(json.loads(line))
        same = found.written() == FORM + line
    except (ValueError, KeyError, TypeError, RecursionError, DomainError, Stopped) as error:
        raise Stopped("backup-foreign", where) from error
    if not same:
        raise Stopped("backup-foreign", where)
    return found


def _parsed(said: dict[str, Any]) -> Envelope:
    named = recipients.parse("\n".join(said["recipients"]), where="")
    sealed = {(i, j): from_b64u(text, most=1024) for i, j, text in said["pairs"]}
    return Envelope(
        said["id"],
        datetime.strptime(said["made_at"], _TIME).replace(tzinfo=UTC),
        tuple(named),
        sealed,
    )


def unseal(envelope: Envelope, holders: Sequence[Holder]) -> bytes:
    """
    Return the key of the stream, if two of these are of two States that it is for.

    :raises Stopped: `keys-of-one-state`, `key-foreign`, or `backup-changed`.
    """
    states = sorted({one.recipient.state for one in holders})
    if len(states) < 2:  # noqa: PLR2004 - the threshold
        raise Stopped("keys-of-one-state", ", ".join(states) or "none")
    for one in holders:
        if one.recipient not in envelope.recipients:
            raise Stopped("key-foreign", one.recipient)
    return _stream_key(_file_key(envelope, holders), envelope)


def _file_key(envelope: Envelope, holders: Sequence[Holder]) -> bytes:
    for i, j, first, second in _pairs(envelope, holders):
        pair, sealed = (first.recipient, second.recipient), envelope.pairs.get((i, j))
        if sealed is None:
            continue
        try:
            inner = _SUITE.decrypt(sealed, first.private, info=_info(envelope.id, pair, 1))
            return _SUITE.decrypt(inner, second.private, info=_info(envelope.id, pair, 2))
        except (InvalidTag, ValueError) as error:
            raise Stopped("backup-changed", "its key does not open") from error
    raise Stopped("backup-changed", "a key is missing")


def _pairs(
    envelope: Envelope, holders: Sequence[Holder]
) -> Iterator[tuple[int, int, Holder, Holder]]:
    placed = sorted(
        ((envelope.recipients.index(one.recipient), one) for one in holders),
        key=lambda found: found[0],
    )
    for (i, first), (j, second) in combinations(placed, 2):
        if first.recipient.state != second.recipient.state:
            yield i, j, first, second
