"""
ML-DSA-44 cosignatures (type 0x06): their bytes are known, and they count for nothing yet.

Browsers have no ML-DSA, and what one reader counts all must count. Lines of it pass unread, so that
a witness can give both kinds before anybody asks for the new one.
"""

from __future__ import annotations

import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.errors import Malformed, Unproven
from audit.tlog.note import Key, Note
from audit.tlog.policy import Policy
from audit.tlog.text import from_b64, to_b64
from tests.unit.audit.vectors import TLOG

NEW = TLOG["mldsa44"]
KIND = 0x06
NAME = NEW["name"].encode()
PUBLIC = from_b64(NEW["pub_b64"])
LINE = NEW["line"].rstrip("\n") + "\n"
SIGNED = from_b64(LINE.split(" ")[2].rstrip("\n"))  # key id, time, signature
NOTE = TLOG["checkpoint_7"]
WITNESS = TLOG["witness"]
LOGS = f"log {TLOG['log']['vkey']}\n"
POLICY = f"{LOGS}witness DE {WITNESS['vkey']}\nquorum DE\n"


def message(time: int) -> bytes:
    """Return what such a witness signs of the note, by the specification."""
    seen = Checkpoint.parse(Note.parse(NOTE).text)
    origin = seen.origin.encode()
    return b"".join(
        [
            b"subtree/v1\n\0",
            bytes([len(NAME)]) + NAME,
            time.to_bytes(8, "big"),
            bytes([len(origin)]) + origin,
            (0).to_bytes(8, "big") + seen.size.to_bytes(8, "big"),
            seen.root,
        ]
    )


class TestACosignatureOfTheVectors:
    def test_has_its_key_s_id_and_signs_time_origin_size_and_root(self):
        hint = hashlib.sha256(NAME + b"\n" + bytes([KIND]) + PUBLIC).digest()[:4]
        assert (SIGNED[:4], hint.hex()) == (hint, NEW["key_id"])
        assert hashlib.sha256(PUBLIC).hexdigest() == NEW["pub_sha256"]
        assert len(SIGNED[12:]) == NEW["sig_len"]
        covered = message(int.from_bytes(SIGNED[4:12], "big"))
        assert covered.hex() == NEW["message"]
        MLDSA44PublicKey.from_public_bytes(PUBLIC).verify(SIGNED[12:], covered)

    def test_is_by_the_key_of_the_seed(self):
        private = MLDSA44PrivateKey.from_seed_bytes(bytes.fromhex(NEW["seed"]))
        assert private.public_key().public_bytes_raw() == PUBLIC

    def test_holds_for_no_other_time(self):
        time = int.from_bytes(SIGNED[4:12], "big")
        with pytest.raises(InvalidSignature):
            MLDSA44PublicKey.from_public_bytes(PUBLIC).verify(SIGNED[12:], message(time + 1))


class TestALineOfIt:
    @pytest.mark.parametrize(
        "line",
        [
            LINE,
            LINE.replace(NEW["name"], WITNESS["name"]),
            LINE[:-20] + "A" * 18 + LINE[-2:],
        ],
        ids=["of its own", "under a known witness's name", "that does not hold"],
    )
    def test_is_passed_over_beside_a_quorum(self, line):
        assert Policy.parse(POLICY).open(NOTE + line) == Policy.parse(POLICY).open(NOTE)

    def test_is_no_quorum(self):
        alone = "".join(line for line in NOTE.splitlines(True) if WITNESS["name"] not in line)
        with pytest.raises(Unproven, match="only 0 of 1 witnesses"):
            Policy.parse(POLICY).open(alone + LINE)

    def test_comes_of_a_key_that_no_policy_takes(self):
        vkey = f"{NEW['name']}+{NEW['key_id']}+{to_b64(bytes([KIND]) + PUBLIC)}"
        with pytest.raises(Malformed):
            Key.parse(vkey)
        with pytest.raises(Malformed):
            Policy.parse(f"{LOGS}witness PQ {vkey}\nquorum PQ\n")
