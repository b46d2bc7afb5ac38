"""
What the log publishes of an event, and how the event itself is kept.

A leaf commits to an event's canonical bytes by a salted hash, and carries one blinded tag for each
State concerned: that State's auditor, who holds its tag key, finds all of its events and can
demand that each be opened; others see when, and how many States. Without the salt a commitment says
nothing, so erasing salt and payload erases the event, and every proof still holds.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .tlog.errors import Unproven
from .tlog.text import to_b64

SALT = 32  # bytes
TAG = 8
REGION = ""  # whose tag stands on an event that concerns no State
# A sealing key serves one event, by its salt, so its nonce never repeats.
_NONCE = bytes(12)


def _mac(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b"".join(parts), "sha256")


def commitment_to(payload: bytes, salt: bytes) -> bytes:
    """Return the 32 bytes that bind a leaf to the canonical bytes of its event."""
    return _mac(salt, b"casehub-audit-event/1", payload)


def tag_key(secret: bytes, state: str) -> bytes:
    """Return the key with which the auditors of a State find its events."""
    return _mac(secret, b"casehub-audit-tag-key/1", state.encode())


def tag_of(commitment: bytes, key: bytes) -> bytes:
    """Return the mark by which the holder of `key` knows that an event concerns them."""
    return _mac(key, b"casehub-audit-tag/1", commitment)[:TAG]


def leaf_of(
    payload: bytes, *, salt: bytes, states: Iterable[str], time: int, secret: bytes
) -> bytes:
    """
    Return the bytes that enter the tree for an event of POSIX second `time`.

    They are RFC 8785's of `{v, k, t, c, g}`, put together by hand: every act and every entry that
    is verified makes one, and base64 and a number have one spelling.
    """
    commitment = commitment_to(payload, salt)
    keys = [tag_key(secret, state) for state in sorted(set(states)) or [REGION]]
    tags = '","'.join(sorted(to_b64(tag_of(commitment, key)) for key in keys))
    text = f'{{"c":"{to_b64(commitment)}","g":["{tags}"],"k":"event","t":{time},"v":1}}'
    return text.encode("ascii")


def closing_leaf(*, time: int) -> bytes:
    """Return the last entry of a log that is closed."""
    return rfc8785.dumps({"v": 1, "k": "close", "t": time})


def opening_leaf(*, time: int, before: str) -> bytes:
    """Return the first entry of a log that goes on where another ended: its last checkpoint."""
    digest = hashlib.sha256(before.encode()).digest()
    return rfc8785.dumps({"v": 1, "k": "open", "t": time, "h": to_b64(digest)})


def key_leaf(*, time: int, note: str) -> bytes:
    """Return the entry of the directory's log with which a log's key follows another."""
    return rfc8785.dumps({"v": 1, "k": "key", "t": time, "n": note})


def _sealing(secret: bytes, salt: bytes) -> AESGCM:
    return AESGCM(_mac(secret, b"casehub-audit-seal/1", salt))


def seal(payload: bytes, *, salt: bytes, secret: bytes) -> bytes:
    """Return an event's bytes as the database keeps them: unreadable without the events' key."""
    return _sealing(secret, salt).encrypt(_NONCE, payload, None)


def unseal(sealed: bytes, *, salt: bytes, secret: bytes) -> bytes:
    """
    Return an event's canonical bytes.

    :raises Unproven: if they were sealed under another key or salt, or changed.
    """
    try:
        return _sealing(secret, salt).decrypt(_NONCE, sealed, None)
    except InvalidTag as error:
        raise Unproven("the event does not open") from error
