"""What people sign of letterheads and of documents they made (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from casehub.core.frames import to_b64u
from casehub.directory.statements import signing_input


@dataclass(frozen=True, slots=True)
class Paper:
    """What is signed: `casehub/<kind>/1` NUL canonical JSON (RFC 8785)."""

    @property
    def kind(self) -> str:
        """Return what the signature is for, so that none serves for another thing."""
        raise NotImplementedError

    def fields(self) -> Mapping[str, Any]:
        """Return what the JSON says."""
        raise NotImplementedError

    def signed_bytes(self) -> bytes:
        """Return what the signature covers."""
        return signing_input(self.kind, rfc8785.dumps({"v": 1, **self.fields()}))

    def digest(self) -> str:
        """Return SHA-256 of what the signature covers, in hexadecimal."""
        return hashlib.sha256(self.signed_bytes()).hexdigest()

    def signed_by(self, key: bytes, signature: bytes) -> bool:
        """Say whether `signature` (64 bytes) is that of the raw Ed25519 public `key`."""
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, self.signed_bytes())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Headed(Paper):
    """An office's letterhead, its `number`-th; `body` is what browsers parse."""

    office: str
    number: int
    body: bytes

    @property
    def kind(self) -> str:
        """Return what the signature is for."""
        return "letterhead"

    def fields(self) -> Mapping[str, Any]:
        """Return what the JSON says: the letterhead by its digest."""
        digest = hashlib.sha256(self.body).digest()
        return {"office": self.office, "number": self.number, "digest": to_b64u(digest)}


@dataclass(frozen=True, slots=True)
class Made(Paper):
    """
    Documents made of one version of a request.

    `letterhead` is the SHA-256 (hexadecimal) of the letterhead's body and `template` a commitment
    (hexadecimal) to the Word file it was poured into, each empty for none; `files` are (kind,
    language, commitment of 32 bytes); `recipients` are ids of offices, sorted.
    """

    request: str
    version: int
    letterhead: str
    template: str
    files: Sequence[tuple[str, str, bytes]]
    recipients: Sequence[str]

    @property
    def kind(self) -> str:
        """Return what the signature is for."""
        return "documents"

    def fields(self) -> Mapping[str, Any]:
        """Return what the JSON says."""
        return {
            "request": self.request,
            "version": self.version,
            "letterhead": self.letterhead,
            "template": self.template,
            "files": [
                {"kind": kind, "language": language, "commitment": to_b64u(commitment)}
                for kind, language, commitment in self.files
            ],
            "recipients": list(self.recipients),
        }
