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
from functools import cached_property
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casehub.core.errors import DomainError
from casehub.core.frames import from_b64u, to_b64u
from casehub.core.lines import is_line

from .functions import FUNCTIONS, may_carry

# The encodings of the Ed25519 points of small order, their sign bits clear.
WEAK = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
KEY_SIZE = 32
SIGNATURE_SIZE = 64
BODY_LIMIT = 8 * 1024
SIGNATURES_LIMIT = 16
LONGEST_TEXT = 160  # characters of a name, a post, an agency
LONGEST_LIST = 32
FIRST_YEAR = 1000
WORDS = 6  # of a fingerprint
WORD_BITS = 11
#  What a designation can make of somebody. Ministry officers are named by the root; the region's
#  own people hold no keys that others rely on.
ROLES = ("central-authority", "coordinator", "liaison", "national-auditor")
Check = Callable[[object], bool]
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
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
        """
        The name of this statement: SHA-256, in hex, of the canonical JSON of its wire form.

        Signatures are part of it: the same words under another signature are another statement.
        """
        return hashlib.sha256(rfc8785.dumps(as_wire(self))).hexdigest()

    @property
    def person(self) -> str:
        """The person it is about; empty for what is about a whole State."""
        return str(self.fields.get("person", ""))

    @cached_property
    def signers(self) -> frozenset[str]:
        """The keys (base64url) whose signatures are good."""
        return frozenset(to_b64u(s.key) for s in self.signatures if _good(self, s))


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
    # strptime also takes 2026-1-2; how a year of three digits is written differs between systems
    if at.year < FIRST_YEAR or at.strftime("%Y-%m-%dT%H:%M:%SZ") != text:
        raise ChainBroken("malformed")
    return at


def _is_version(value: object) -> bool:
    return type(value) is int and value == 1


def _is_state(value: object) -> bool:
    return isinstance(value, str) and _STATE.fullmatch(value) is not None


def _is_uuid(value: object) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def _is_key(value: object) -> bool:
    return isinstance(value, str) and len(from_b64u(value, most=KEY_SIZE)) == KEY_SIZE


def _is_signing_key(value: object) -> bool:
    return _is_key(value) and not is_weak(from_b64u(str(value), most=KEY_SIZE))


def is_weak(key: bytes) -> bool:
    """Say whether an Ed25519 key is a point of small order: anybody signs under those."""
    return bytes([*key[:-1], key[-1] & 0x7F]) in WEAK


def _is_instant(value: object) -> bool:
    return isinstance(value, str) and bool(instant(value))


def _is_date(value: object) -> bool:
    return isinstance(value, str) and _is_instant(f"{value}T00:00:00Z")


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _is_code(value: object) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and is_line(value)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _one_of(*known: str) -> Check:
    return lambda value: isinstance(value, str) and value in known


def _list_of(check: Check, *, least: int = 0) -> Check:
    """Return a check of lists that name each thing once."""

    def is_list(value: object) -> bool:
        if not isinstance(value, list) or not least <= len(value) <= LONGEST_LIST:
            return False
        return all(map(check, value)) and all(one not in value[:at] for at, one in enumerate(value))

    return is_list


def _object_of(**expected: Check) -> Check:
    def is_object(value: object) -> bool:
        if not isinstance(value, dict) or set(value) != set(expected):
            return False
        return all(check(value[name]) for name, check in expected.items())

    return is_object


def _is_word(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**WORD_BITS


def _is_words(value: object) -> bool:
    return isinstance(value, list) and len(value) == WORDS and all(map(_is_word, value))


CONSULTED = _object_of(
    agency_kind=_is_code,
    date=_is_date,
    outcome=_one_of("no-answer", "no-objection", "objection"),
    digest=_or_none(_is_digest),
)
COMMON: dict[str, Check] = {
    "v": _is_version,
    "serial": _is_uuid,
    "issued": _is_instant,
    "state": _is_state,
}
FIELDS: dict[str, dict[str, Check]] = {
    "state-root": COMMON
    | {
        "key": _is_signing_key,
        "previous": _or_none(_is_signing_key),
        "approval": _one_of("two-officers", "officer-and-coordinator"),
    },
    "officer": COMMON
    | {
        "person": _is_uuid,
        "name": _is_text,
        "post": _is_text,
        "key": _is_signing_key,
        "from": _is_instant,
        "until": _is_instant,
    },
    "designation": COMMON
    | {
        "person": _is_uuid,
        "name": _is_text,
        "post": _is_text,
        "roles": _list_of(_one_of(*ROLES), least=1),
        "office": _is_uuid,
        "agency": _is_text,
        "scope": _list_of(_is_code),
        "languages": _list_of(_is_code),
        "from": _is_instant,
        "until": _is_instant,
        "urgent": _is_flag,
        "consultation": _list_of(CONSULTED),
    },
    "binding": COMMON
    | {"person": _is_uuid, "key": _is_signing_key, "words": _is_words, "designation": _is_uuid},
    "device": COMMON
    | {
        "person": _is_uuid,
        "device": _is_uuid,
        "signature_key": _is_signing_key,
        "history_key": _is_key,
        "from": _is_instant,
        "until": _is_instant,
    },
    "revocation": COMMON
    | {
        "person": _is_uuid,
        "device": _or_none(_is_uuid),
        "kind": _one_of("device", "suspended", "removed"),
        "reason": _is_code,
    },
    "reinstatement": COMMON | {"person": _is_uuid, "revokes": _is_digest},
    "state-stop": COMMON | {"reason": _is_code},
    "state-lift": COMMON | {"stops": _is_uuid},
}
#  What later versions of a type say besides: the part of the State, or null for all of it, and the
#  person who stands in, or null (ADR 34); which functions are carried (ADR 61).
_SECOND: dict[str, Check] = {"region": _or_none(_is_text), "deputy": _or_none(_is_uuid)}
LATER: dict[tuple[str, int], dict[str, Check]] = {
    ("designation", 2): _SECOND,
    ("designation", 3): _SECOND | {"functions": _list_of(_one_of(*FUNCTIONS))},
}


def fingerprint(key: bytes) -> list[int]:
    """
    Return what two people compare of a key: six indices into the list of 2,048 words, 66 bits.

    They are the first bits of SHA-256 over `casehub/fingerprint/1` NUL and the raw 32-byte key.
    """
    digest = hashlib.sha256(b"casehub/fingerprint/1\0" + key).digest()
    bits = int.from_bytes(digest, "big") >> (8 * len(digest) - WORDS * WORD_BITS)
    return [bits >> WORD_BITS * at & (2**WORD_BITS - 1) for at in reversed(range(WORDS))]


def _fits_together(kind: str, fields: Mapping[str, Any]) -> bool:
    """Say whether fields that depend on each other agree."""
    if kind == "binding":
        words: list[int] = fields["words"]
        return words == fingerprint(from_b64u(fields["key"], most=KEY_SIZE))
    if kind == "revocation":
        device: str | None = fields["device"]
        return (device is not None) is (fields["kind"] == "device")
    if kind == "designation":
        carries = may_carry(fields["roles"], fields.get("functions", ()))
        return carries and bool(fields.get("deputy") != fields["person"])
    return True


def _listed(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ChainBroken("malformed")
    return value


def _check_fields(kind: str, fields: object) -> None:
    if kind not in FIELDS or not isinstance(fields, dict):
        raise ChainBroken("malformed")
    expected, version = FIELDS[kind], fields.get("v")
    if type(version) is int and (kind, version) in LATER:
        expected = expected | LATER[kind, version] | {"v": lambda value: value == version}
    if set(fields) != set(expected):
        raise ChainBroken("malformed")
    if not all(check(fields[name]) for name, check in expected.items()):
        raise ChainBroken("malformed")
    if not _fits_together(kind, fields):
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
    """
    Make and sign a statement (the demo's ceremony and tests; people sign in their browsers).

    It is of version 1 where `fields` says no other.
    """
    body = rfc8785.dumps({"v": 1} | dict(fields))
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
