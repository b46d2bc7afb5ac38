"""
The chain of signed statements by which a key counts (pure).

A statement's body is RFC 8785 canonical JSON; each signature is Ed25519 over
`casehub/<type>/1` NUL body, so that no signature made for one purpose serves another.
The browser verifies the same chain with the same reasons (frontend/src/verify/chain.ts); the
shared vectors are tests/vectors/chain.json.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casehub.core.errors import DomainError
from casehub.core.frames import from_b64u, to_b64u

KEY_SIZE = 32
SIGNATURE_SIZE = 64
BODY_LIMIT = 8 * 1024
FIELDS: dict[str, frozenset[str]] = {
    "state-root": frozenset({"state", "key"}),
    "officer": frozenset({"state", "person", "key", "until"}),
    "designation": frozenset(
        {"state", "person", "roles", "office", "agency", "scope", "from", "until", "consultation"}
    ),
    "binding": frozenset({"state", "person", "key", "fingerprint_words"}),
    "device": frozenset(
        {"state", "person", "device", "signature_key", "history_key", "from", "until"}
    ),
    "revocation": frozenset({"state", "person", "device", "reason"}),
}
COMMON = frozenset({"v", "serial", "issued"})


class ChainBroken(DomainError):
    """A statement does not lead back to a pinned root; `why` is a kebab-case reason."""

    code = "chain-broken"

    def __init__(self, why: str) -> None:
        super().__init__(None, why=why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature and the raw 32-byte public key it claims to be by."""

    key: bytes
    signature: bytes


@dataclass(frozen=True)
class Statement:
    """A statement as it travels: its type, exact body bytes, signatures, and the parsed body."""

    type: str
    body: bytes
    signatures: tuple[Signature, ...]
    fields: Mapping[str, Any] = field(compare=False)

    @property
    def digest(self) -> str:
        """SHA-256 of type, NUL and body, in hex: the name of this statement."""
        return hashlib.sha256(self.type.encode() + b"\0" + self.body).hexdigest()

    @property
    def person(self) -> str:
        """The person it is about; empty for a State's root."""
        return str(self.fields.get("person", ""))

    def signed_by(self, key: bytes) -> bool:
        """Say whether one of the signatures is by `key` and good."""
        return any(s.key == key and _good(self, s) for s in self.signatures)


def signing_input(kind: str, body: bytes) -> bytes:
    """Return the bytes that a signature of a statement covers."""
    return b"casehub/" + kind.encode("ascii") + b"/1\0" + body


def _good(statement: Statement, signature: Signature) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(signature.key).verify(
            signature.signature, signing_input(statement.type, statement.body)
        )
    except InvalidSignature:
        return False
    return True


def parse(wire: Mapping[str, Any]) -> Statement:
    """
    Read a statement from its wire form, checking shape and canonical bytes, not authority.

    :raises ChainBroken: with `malformed` if it is not of the agreed form.
    """
    try:
        kind, body = str(wire["type"]), from_b64u(wire["body"], most=BODY_LIMIT)
        signatures = tuple(
            Signature(
                from_b64u(item["key"], most=KEY_SIZE),
                from_b64u(item["signature"], most=SIGNATURE_SIZE),
            )
            for item in wire["signatures"]
        )
        fields = json.loads(body)
        canonical = rfc8785.dumps(fields)
    except (KeyError, TypeError, ValueError, RecursionError, DomainError) as error:
        raise ChainBroken("malformed") from error
    known = kind in FIELDS and isinstance(fields, dict)
    if not known or set(fields) != FIELDS[kind] | COMMON or canonical != body:
        raise ChainBroken("malformed")
    if any(len(s.key) != KEY_SIZE or len(s.signature) != SIGNATURE_SIZE for s in signatures):
        raise ChainBroken("malformed")
    return Statement(kind, body, signatures, fields)


def make(kind: str, fields: Mapping[str, Any], signers: Iterable[Ed25519PrivateKey]) -> Statement:
    """Make and sign a statement (the demo's ceremony and tests; people sign in their browsers)."""
    body = rfc8785.dumps(dict(fields) | {"v": 1})
    signatures = tuple(
        Signature(key.public_key().public_bytes_raw(), key.sign(signing_input(kind, body)))
        for key in signers
    )
    return Statement(kind, body, signatures, json.loads(body))


def as_wire(statement: Statement) -> dict[str, Any]:
    """Return the JSON form of a statement."""
    return {
        "type": statement.type,
        "body": to_b64u(statement.body),
        "signatures": [
            {"key": to_b64u(s.key), "signature": to_b64u(s.signature)}
            for s in statement.signatures
        ],
    }


def instant(value: object) -> datetime:
    """
    Read an instant like `2026-11-24T17:00:00Z`.

    :raises ChainBroken: with `malformed`.
    """
    try:
        return datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise ChainBroken("malformed") from error
