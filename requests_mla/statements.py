"""
What is signed about a request: screening it, every move, and the second hand under one (pure).

The server sees neither the draft nor the findings, only a salted commitment to the one and the
hash of the other; every reader's browser has both and compares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from casehub.core.frames import to_b64u
from casehub.directory.statements import signing_input

KIND = "attestation"
MOVE = "move"
SECOND = "move-second"
SECOND_FORM, THIRD_FORM = 2, 3
"""Of a move: since the second some take a second hand (ADR 52), the third says no more (ADR 55)."""
FORM = THIRD_FORM
"""Of what is signed as a move now."""
SAID_AT_FIRST = frozenset({
    *("channel", "language", "agreed", "codes", "rules", "measures"),
    *("evidence", "conditions", "consulted", "due", "proof", "keep_until"),
})  # fmt: skip
"""What a move could say in its first two forms, each of which holds all of it, empty or not."""


def said_signed(said: Mapping[str, Any], form: int) -> dict[str, Any]:
    """
    Return what a move says as a form holds it.

    From the third on that is what is said alone, so that no field that is added changes what was
    signed before it.
    """
    if form < THIRD_FORM:
        return {name: one for name, one in said.items() if name in SAID_AT_FIRST}
    return {name: one for name, one in said.items() if one}


def disclosed_digest(disclosed: Mapping[str, Any]) -> bytes:
    """Return SHA-256 (32 bytes) of disclosed facts as canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(dict(disclosed))).digest()


@dataclass(frozen=True, slots=True)
class Screened:
    """
    One version, screened.

    `rulebook` is the rulebook's version (64 hex digits), `commitment` SHA-256 of a 32-byte salt and
    the canonical draft, `results` SHA-256 of the canonical findings, `disclosed` that of the
    canonical disclosed facts (`disclosed_digest`; 32 bytes each). `overridden` are the rules set
    aside, sorted; `ready` says that the author calls the request ready. All of it is signed, so
    that no host can add the word, an exception or other facts to somebody's name.
    """

    request: str
    version: int
    rulebook: str
    commitment: bytes
    results: bytes
    disclosed: bytes
    overridden: tuple[str, ...]
    ready: bool

    def signed_bytes(self) -> bytes:
        """Return what the signature covers: "casehub/attestation/1" NUL canonical JSON."""
        body = rfc8785.dumps(
            {
                "v": 1,
                "request": self.request,
                "version": self.version,
                "rulebook": self.rulebook,
                "commitment": to_b64u(self.commitment),
                "results": to_b64u(self.results),
                "disclosed": to_b64u(self.disclosed),
                "overridden": list(self.overridden),
                "ready": self.ready,
            }
        )
        return signing_input(KIND, body)

    def signed_by(self, key: bytes, signature: bytes) -> bool:
        """Say whether `signature` (64 bytes) is that of the raw Ed25519 public `key`."""
        return _verifies(key, signature, self.signed_bytes())


@dataclass(frozen=True, slots=True)
class Moved:
    """
    One move of a request, as whoever makes it signs it.

    `number` counts the request's moves from 1, `version` and `digest` (SHA-256 of its ciphertext,
    hex) say about which version it is made; version 0 with no digest before the first. `on` is the
    day on which it was done (`YYYY-MM-DD`), `issued` the moment at which it is signed,
    `said` all that it says besides (`codes.Said`). `form` is 1 in what was signed before some moves
    took a second hand, 2 before more was asked of some (`said_signed`); none is followed by one of
    an earlier form. `disclosed` (`disclosed_digest`, hex) binds the facts by which it is judged
    whether a second hand is needed; the first form says nothing of them, and has it empty.
    """

    request: str
    number: int
    act: str
    before: str
    after: str
    version: int
    digest: str
    on: str
    issued: str
    said: Mapping[str, Any]
    disclosed: str
    form: int = FORM

    def signed_bytes(self) -> bytes:
        """Return what the signature covers: "casehub/move/1" NUL canonical JSON."""
        told: dict[str, Any] = {
            "v": self.form,
            "request": self.request,
            "number": self.number,
            "act": self.act,
            "before": self.before,
            "after": self.after,
            "version": self.version,
            "digest": self.digest,
            "on": self.on,
            "issued": self.issued,
            "said": said_signed(self.said, self.form),
        }
        if self.form >= SECOND_FORM:
            told["disclosed"] = self.disclosed
        return signing_input(MOVE, rfc8785.dumps(told))

    def digest_signed(self) -> str:
        """Return SHA-256 (hex) of what the signature covers: what a second hand names."""
        return hashlib.sha256(self.signed_bytes()).hexdigest()

    def signed_by(self, key: bytes, signature: bytes) -> bool:
        """Say whether `signature` (64 bytes) is that of the raw Ed25519 public `key`."""
        return _verifies(key, signature, self.signed_bytes())


@dataclass(frozen=True, slots=True)
class Seconded:
    """
    The second hand under a move, as whoever confirms it signs it.

    `step` is SHA-256 (hex) of the bytes that `first`, a person's id, has signed, and `signature`
    that signature (64 bytes): nobody else's over the same bytes can be put in its place. `issued`
    is the moment of the second signature.
    """

    request: str
    number: int
    step: str
    first: str
    signature: bytes
    issued: str

    def signed_bytes(self) -> bytes:
        """Return what the signature covers: "casehub/move-second/1" NUL canonical JSON."""
        body = rfc8785.dumps(
            {
                "v": 1,
                "request": self.request,
                "number": self.number,
                "step": self.step,
                "first": self.first,
                "signature": to_b64u(self.signature),
                "issued": self.issued,
            }
        )
        return signing_input(SECOND, body)

    def signed_by(self, key: bytes, signature: bytes) -> bool:
        """Say whether `signature` (64 bytes) is that of the raw Ed25519 public `key`."""
        return _verifies(key, signature, self.signed_bytes())


def _verifies(key: bytes, signature: bytes, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True
