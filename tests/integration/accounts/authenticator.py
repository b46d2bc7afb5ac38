"""
A passkey in software: what a browser and its authenticator would answer, for tests.

It makes discoverable ES256 credentials and signs challenges; what a test wants wrong, it sets.
Source: W3C Web Authentication, level 3, sections 5.8.1, 6.1 and 6.5.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from casehub.core.frames import from_b64u, to_b64u

UP, UV, AT = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """One credential."""

    origin: str = "http://localhost:8000"
    rp_id: str = "localhost"
    verifies_user: bool = True
    counter: int = 0
    user_handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer `navigator.credentials.create`."""
        self.user_handle = from_b64u(options["user"]["id"], most=64)
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        length = struct.pack(">H", len(self.credential_id))
        attested = bytes(16) + length + self.credential_id + cbor2.dumps(cose)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(AT) + attested}
        return self._answer(
            clientDataJSON=to_b64u(self._client_data("webauthn.create", options)),
            attestationObject=to_b64u(cbor2.dumps(attestation)),
            transports=["internal"],
        )

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer `navigator.credentials.get`."""
        self.counter += 1
        data = self._data(0)
        client = self._client_data("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=to_b64u(client),
            authenticatorData=to_b64u(data),
            signature=to_b64u(signature),
            userHandle=to_b64u(self.user_handle),
        )

    def _data(self, flags: int) -> bytes:
        flags |= UP | (UV if self.verifies_user else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(
            ">BI", flags, self.counter
        )

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        body = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(body).encode()

    def _answer(self, **response: Any) -> dict[str, Any]:
        return {
            "id": to_b64u(self.credential_id),
            "rawId": to_b64u(self.credential_id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }
