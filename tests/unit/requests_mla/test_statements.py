"""What an attestation and a move sign, byte by byte."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.core import frames
from requests_mla.statements import Moved, Screened, Seconded, disclosed_digest


def from_b64u(text: str) -> bytes:
    return frames.from_b64u(text, most=64)


VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "attestation.json").read_text(encoding="utf-8")
)
MOVE = Path(__file__).parents[2] / "vectors" / "move.json"
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


class TestTheVectorsSharedWithTheBrowser:
    digests = {name: from_b64u(VECTORS[name]) for name in ("commitment", "results", "disclosed")}

    def test_hold_the_digests_of_what_they_are_about(self):
        draft, findings = (rfc8785.dumps(VECTORS[name]) for name in ("draft", "findings"))
        assert self.digests == {
            "commitment": sha256(from_b64u(VECTORS["salt"]) + draft).digest(),
            "results": sha256(findings).digest(),
            "disclosed": disclosed_digest(VECTORS["facts"]),
        }

    @pytest.mark.parametrize("one", VECTORS["attestations"], ids=["not ready", "ready"])
    def test_hold_the_bytes_that_are_signed(self, one):
        said = one["said"] | {"overridden": tuple(one["said"]["overridden"])}
        screened = Screened(**said, **self.digests)
        assert screened.signed_bytes().decode() == one["signed"]
        assert screened.signed_by(from_b64u(VECTORS["key"]), from_b64u(one["signature"]))
        key = Ed25519PrivateKey.from_private_bytes(from_b64u(VECTORS["seed"]))
        assert key.sign(screened.signed_bytes()) == from_b64u(one["signature"])


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


class TestMoved:
    """The same bytes as a browser's, by a vector that both read."""

    VECTOR = json.loads(MOVE.read_text(encoding="utf-8"))
    SECOND = {"form": 2, "disclosed": VECTOR["second_form"]["disclosed"]}
    NOW = VECTOR["now"]

    def test_binds_the_facts_that_it_is_about_from_the_second_form_on(self):
        facts = disclosed_digest(self.VECTOR["facts"]).hex()
        assert facts == self.SECOND["disclosed"] == self.NOW["move"]["disclosed"]
        assert b"disclosed" not in Moved(**self.VECTOR["move"]).signed_bytes()

    def test_of_the_second_form_is_signed_as_it_was(self):
        moved = Moved(**(self.VECTOR["move"] | self.SECOND))
        assert moved.digest_signed() == self.VECTOR["second_form"]["signed"]
        signature = from_b64u(self.VECTOR["second_form"]["signature"])
        assert moved.signed_by(from_b64u(self.VECTOR["key"]), signature)

    @pytest.mark.parametrize("form", [1, 2])
    def test_of_an_earlier_form_holds_no_field_that_came_later(self, form):
        moved = replace(Moved(**self.VECTOR["move"]), form=form)
        more = replace(moved, said={**moved.said, "terms": "none-possible"})
        assert more.signed_bytes() == moved.signed_bytes()

    def test_holds_what_is_said_alone_from_the_third_form_on(self):
        """So a field that is added later changes no signature from before it."""
        moved = Moved(**self.NOW["move"])
        assert b'"terms":"rest-accepted"' in moved.signed_bytes()
        assert b"channel" not in moved.signed_bytes()
        later = replace(moved, said={**moved.said, "later": "", "more": [], "so": False})
        assert later.signed_bytes() == moved.signed_bytes()

    def test_signs_the_bytes_of_the_vector(self):
        signed = Moved(**self.VECTOR["move"]).signed_bytes()
        assert signed.startswith(b"casehub/move/1\0{")
        assert sha256(signed).hexdigest() == self.VECTOR["signed"]

    def test_knows_its_signer(self):
        moved = Moved(**self.VECTOR["move"])
        key, signature = (from_b64u(self.VECTOR[name]) for name in ("key", "signature"))
        assert moved.signed_by(key, signature)
        assert not moved.signed_by(bytes(32), signature)

    @pytest.mark.parametrize("field", [f.name for f in fields(Moved)])
    def test_covers_every_field(self, field):
        moved = Moved(**self.NOW["move"])
        was = getattr(moved, field)
        other = {} if field == "said" else (was + 1 if isinstance(was, int) else was + "x")
        key, signature = (from_b64u(self.NOW[name]) for name in ("key", "signature"))
        assert moved.signed_by(key, signature)
        assert not replace(moved, **{field: other}).signed_by(key, signature)

    def test_is_of_the_third_form_unless_it_is_told_that_it_is_old(self):
        told = self.NOW["move"]
        moved = Moved(**told)
        assert moved == Moved(**{name: value for name, value in told.items() if name != "form"})
        assert moved.digest_signed() == self.NOW["signed"]


class TestSeconded:
    """The second hand under a move, by the same vector."""

    VECTOR = TestMoved.VECTOR["second"]
    SAID = VECTOR["seconded"] | {"signature": from_b64u(VECTOR["seconded"]["signature"])}
    KEY, SIGNATURE = from_b64u(VECTOR["key"]), from_b64u(VECTOR["signature"])

    def test_signs_the_bytes_of_the_vector(self):
        signed = Seconded(**self.SAID).signed_bytes()
        assert signed.startswith(b"casehub/move-second/1\0{")
        assert sha256(signed).hexdigest() == self.VECTOR["signed"]

    def test_names_what_the_first_hand_has_signed(self):
        assert self.SAID["step"] == TestMoved.VECTOR["second_form"]["signed"]
        assert Seconded(**self.SAID).signed_by(self.KEY, self.SIGNATURE)

    @pytest.mark.parametrize("field", [f.name for f in fields(Seconded)])
    def test_covers_every_field(self, field):
        was = self.SAID[field]
        other = was + (1 if isinstance(was, int) else b"x" if isinstance(was, bytes) else "x")
        said = replace(Seconded(**self.SAID), **{field: other})
        assert not said.signed_by(self.KEY, self.SIGNATURE)
