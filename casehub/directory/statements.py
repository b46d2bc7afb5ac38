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
import re
from collections.abc import Callable, Iterable, Mapping
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
SIGNATURES_LIMIT = 16
_STATE = re.compile(r"[A-Z]{2}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


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


def instant(value: object) -> datetime:
    """
    Read an instant like `2026-11-24T17:00:00Z`.

    :raises ChainBroken: with `malformed`.
    """
    text = str(value)
    try:
        at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise ChainBroken("malformed") from error
    if at.strftime("%Y-%m-%dT%H:%M:%SZ") != text:  # strptime also takes 2026-1-2
        raise ChainBroken("malformed")
    return at


def _is_version(value: object) -> bool:
    return type(value) is int and value == 1


def _is_state(value: object) -> bool:
    return isinstance(value, str) and _STATE.fullmatch(value) is not None


def _is_uuid(value: object) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def _is_uuid_or_none(value: object) -> bool:
    return value is None or _is_uuid(value)


def _is_key(value: object) -> bool:
    return isinstance(value, str) and len(from_b64u(value, most=KEY_SIZE)) == KEY_SIZE


def _is_instant(value: object) -> bool:
    return isinstance(value, str) and bool(instant(value))


def _is_roles(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(role, str) for role in value)


def _is_anything(value: object) -> bool:
    del value
    return True


COMMON: dict[str, Callable[[object], bool]] = {
    "v": _is_version,
    "serial": _is_uuid,
    "issued": _is_instant,
    "state": _is_state,
}
FIELDS: dict[str, dict[str, Callable[[object], bool]]] = {
    "state-root": COMMON | {"key": _is_key},
    "officer": COMMON | {"person": _is_uuid, "key": _is_key, "until": _is_instant},
    "designation": COMMON
    | {
        "person": _is_uuid,
        "roles": _is_roles,
        "office": _is_anything,
        "agency": _is_anything,
        "scope": _is_anything,
        "from": _is_instant,
        "until": _is_instant,
        "consultation": _is_anything,
    },
    "binding": COMMON | {"person": _is_uuid, "key": _is_key, "fingerprint_words": _is_anything},
    "device": COMMON
    | {
        "person": _is_uuid,
        "device": _is_uuid,
        "signature_key": _is_key,
        "history_key": _is_key,
        "from": _is_instant,
        "until": _is_instant,
    },
    "revocation": COMMON | {"person": _is_uuid, "device": _is_uuid_or_none, "reason": _is_anything},
}


def _listed(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ChainBroken("malformed")
    return value


def _check_fields(kind: str, fields: object) -> None:
    expected = FIELDS.get(kind)
    if expected is None or not isinstance(fields, dict) or set(fields) != set(expected):
        raise ChainBroken("malformed")
    if not all(check(fields[name]) for name, check in expected.items()):
        raise ChainBroken("malformed")


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
            for item in _listed(wire["signatures"])
        )
        fields = json.loads(body)
        canonical = rfc8785.dumps(fields)
        _check_fields(kind, fields)
    except (KeyError, TypeError, ValueError, RecursionError, DomainError) as error:
        raise ChainBroken("malformed") from error
    if canonical != body or len(signatures) > SIGNATURES_LIMIT:
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
            {"key": to_b64u(s.key), "signature": to_b64u(s.signature)} for s in statement.signatures
        ],
    }
