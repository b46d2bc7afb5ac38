"""What an attestation signs, byte by byte."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from requests_mla.statements import Screened, disclosed_digest

SCREENED = Screened(
    request="3f0e7a52-8f8b-4a9e-9a73-51b1e1e4ab01",
    version=7,
    rulebook="ab" * 32,
    commitment=bytes(32),
    results=b"\xff" * 32,
    disclosed=b"\xfb" * 32,
    overridden=("AIDE-MEMOIRE", "SUMMARY"),
    ready=True,
)


class TestSignedBytes:
    def test_are_a_label_and_canonical_json(self):
        assert SCREENED.signed_bytes() == (
            b"casehub/attestation/1\0"
            b'{"commitment":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",'
            b'"disclosed":"-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s",'
            b'"overridden":["AIDE-MEMOIRE","SUMMARY"],"ready":true,'
            b'"request":"3f0e7a52-8f8b-4a9e-9a73-51b1e1e4ab01",'
            b'"results":"__________________________________________8",'
            b'"rulebook":"abababababababababababababababababababababababababababababababab",'
            b'"v":1,"version":7}'
        )


class TestDisclosedDigest:
    def test_is_that_of_the_canonical_facts_whatever_their_order(self):
        facts = {"requested_state": "MX", "measures": ["search", None], "deadline": ""}
        turned = dict(reversed(facts.items()))
        plain = b'{"deadline":"","measures":["search",null],"requested_state":"MX"}'
        assert disclosed_digest(facts) == disclosed_digest(turned) == sha256(plain).digest()


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
        {"disclosed": b"\1" * 32},
        {"overridden": ("SUMMARY",)},
        {"ready": False},
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
