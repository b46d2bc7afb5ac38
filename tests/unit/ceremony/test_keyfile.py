"""The file that keeps a State's root."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.ceremony import keyfile
from casehub.ceremony.errors import CeremonyStopped

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ONE = "seis palabras que nadie más sabe"
TWO = "otras seis de la segunda persona"
CHEAP = {"n": 2**4, "r": 8, "p": 1}  # the same code, in a millisecond


def sealed(*passphrases, state="SV"):
    return keyfile.seal(
        KEY, state=state, passphrases=passphrases, salt=bytes(16), nonce=bytes(12), cost=CHEAP
    )


class TestAKeyFile:
    def test_opens_with_its_passphrase(self):
        opened = keyfile.unseal(sealed(ONE), passphrases=[ONE])
        assert opened.private_bytes_raw() == KEY.private_bytes_raw()

    def test_of_two_hands_opens_with_both_in_their_order(self):
        opened = keyfile.unseal(sealed(ONE, TWO), passphrases=[ONE, TWO])
        assert opened.private_bytes_raw() == KEY.private_bytes_raw()

    @pytest.mark.parametrize(
        "given",
        [[ONE], [TWO], [TWO, ONE], [ONE + TWO], [ONE, TWO, TWO], []],
        ids=["first alone", "second alone", "turned round", "joined", "a third", "none"],
    )
    def test_of_two_hands_does_not_open_with_anything_else(self, given):
        with pytest.raises(CeremonyStopped, match="does not open"):
            keyfile.unseal(sealed(ONE, TWO), passphrases=given)

    def test_never_holds_the_seed_in_clear(self):
        text = sealed(ONE)
        assert keyfile.to_b64u(KEY.private_bytes_raw()) not in text
        assert KEY.private_bytes_raw().hex() not in text

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("state", "MX"),
            ("public", keyfile.to_b64u(bytes(32))),
            ("hands", 2),
            ("sealed", keyfile.to_b64u(bytes(48))),
            ("salt", keyfile.to_b64u(bytes([1]) * 16)),
            ("scrypt", {"n": 2**5, "r": 8, "p": 1}),
            ("added", 1),
        ],
    )
    def test_that_was_changed_does_not_open(self, name, value):
        file = json.loads(sealed(ONE)) | {name: value}
        with pytest.raises(CeremonyStopped):
            keyfile.unseal(json.dumps(file), passphrases=[ONE])

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "{}",
            '"a"',
            json.dumps(json.loads(sealed(ONE)) | {"form": "another"}),
            json.dumps(json.loads(sealed(ONE)) | {"scrypt": {"n": 2**40, "r": 8, "p": 1}}),
            json.dumps(json.loads(sealed(ONE)) | {"scrypt": {"n": "2", "r": 8, "p": 1}}),
            json.dumps(json.loads(sealed(ONE)) | {"salt": "AA"}),
        ],
    )
    def test_of_another_form_is_refused_before_any_work(self, text):
        with pytest.raises(CeremonyStopped, match="not a file of a root key"):
            keyfile.read(text)

    def test_is_not_made_with_a_short_passphrase(self):
        with pytest.raises(CeremonyStopped, match="16 characters"):
            sealed("corta")

    def test_is_as_dear_as_was_chosen(self):
        text = keyfile.seal(KEY, state="SV", passphrases=[ONE], salt=bytes(16), nonce=bytes(12))
        assert json.loads(text)["scrypt"] == {"n": 131072, "r": 8, "p": 1}
        assert keyfile.unseal(text, passphrases=[ONE]).private_bytes_raw() == bytes(range(32))
