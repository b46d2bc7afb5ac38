"""What an attestation signs, byte by byte."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from requests_mla.statements import Screened

SCREENED = Screened(
    request="3f0e7a52-8f8b-4a9e-9a73-51b1e1e4ab01",
    version=7,
    rulebook="ab" * 32,
    commitment=bytes(32),
    results=b"\xff" * 32,
)


class TestSignedBytes:
    def test_are_a_label_and_canonical_json(self):
        assert SCREENED.signed_bytes() == (
            b"casehub/attestation/1\0"
            b'{"commitment":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",'
            b'"request":"3f0e7a52-8f8b-4a9e-9a73-51b1e1e4ab01",'
            b'"results":"__________________________________________8",'
            b'"rulebook":"abababababababababababababababababababababababababababababababab",'
            b'"v":1,"version":7}'
        )


class TestSignature:
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    public = key.public_key().public_bytes_raw()

    def test_of_these_bytes_is_good(self):
        signature = self.key.sign(SCREENED.signed_bytes())
        assert SCREENED.signed_by(self.public, signature)

    #  what was changed after signing
    CHANGES = [
        {"request": "3f0e7a52-8f8b-4a9e-9a73-51b1e1e4ab02"},
        {"version": 8},
        {"rulebook": "ac" * 32},
        {"commitment": b"\1" * 32},
        {"results": b"\1" * 32},
    ]

    @pytest.mark.parametrize("change", CHANGES, ids=[next(iter(c)) for c in CHANGES])
    def test_of_anything_else_is_not(self, change):
        signature = self.key.sign(SCREENED.signed_bytes())
        assert not replace(SCREENED, **change).signed_by(self.public, signature)

    def test_without_the_label_is_not(self):
        signature = self.key.sign(SCREENED.signed_bytes().partition(b"\0")[2])
        assert not SCREENED.signed_by(self.public, signature)

    def test_by_another_key_is_not(self):
        other = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
        assert not SCREENED.signed_by(self.public, other.sign(SCREENED.signed_bytes()))

    @pytest.mark.parametrize("signature", [b"", b"s" * 63, b"s" * 64])
    def test_that_is_none_is_not(self, signature):
        assert not SCREENED.signed_by(self.public, signature)
