"""
What the coordination signs when it consents to an export (pure).

The wish itself is typed by a person, and here only as its digest: whoever consents has it opened
in their own browser, and computes the digest of what is shown there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from casehub.directory.statements import signing_input

KIND = "export-consent"


def moment_of(text: str) -> datetime:
    """Return a moment as it is signed; of one that no calendar has, one that is long past."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # the thirtieth of February
        return datetime.fromisoformat("2000-01-01T00:00:00Z")


@dataclass(frozen=True, slots=True)
class Consent:
    """Who consents to which wish (64 hex digits), with which device, when (their own clock)."""

    wish: str
    person: str
    device: str
    at: str

    def signed_bytes(self) -> bytes:
        """Return what the signature covers: "casehub/export-consent/1" NUL canonical JSON."""
        said: dict[str, Any] = {
            "v": 1,
            "wish": self.wish,
            "person": self.person,
            "device": self.device,
            "at": self.at,
        }
        return signing_input(KIND, rfc8785.dumps(said))

    def is_signed_by(self, key: bytes, signature: bytes) -> bool:
        """Say whether `signature` (64 bytes) is that of the raw Ed25519 public `key`."""
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, self.signed_bytes())
        except (InvalidSignature, ValueError):
            return False
        return True
