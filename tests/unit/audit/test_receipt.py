"""A receipt as its bearer carries it, checked without the server."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import receipt
from audit.tlog.errors import Malformed, Unproven
from audit.tlog.merkle import leaf_hash
from audit.tlog.note import SigningKey
from audit.tlog.policy import Policy
from audit.tlog.proof import Proof
from audit.tlog.text import from_b64, to_b64

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors/audit/receipts.json").read_text(encoding="utf-8")
)
ONE, OTHER, _ = VECTORS["events"]
KEY = SigningKey("audit.example/2026", Ed25519PrivateKey.from_private_bytes(bytes(32)))
POLICY = Policy(logs=[KEY.public], quorum="none")


def carried(leaf=None, **extra):
    """Return a receipt for the only entry of a log."""
    held = {"leaf": ONE["leaf"], "payload": ONE["payload"], "salt": ONE["salt"], **extra}
    root = leaf_hash(from_b64(leaf or held["leaf"]))
    text = f"{KEY.name}\n1\n{to_b64(root)}\n"
    return str(Proof(0, (), f"{text}\n{KEY.sign(text)}", json.dumps(held).encode()))


class TestAReceipt:
    def test_proves_the_event_that_it_carries(self):
        read = receipt.parse(carried())
        assert read.verify(POLICY).checkpoint.size == 1
        assert json.loads(read.payload)["kind"] == "cases.case.opened"

    def test_of_an_erased_event_proves_its_place(self):
        read = receipt.parse(carried(payload=None, salt=None))
        assert (read.verify(POLICY).checkpoint.size, read.payload) == (1, None)

    @pytest.mark.parametrize("change", [{"payload": OTHER["payload"]}, {"salt": OTHER["salt"]}])
    def test_of_another_event_proves_nothing(self, change):
        with pytest.raises(Unproven, match="another event"):
            receipt.parse(carried(**change)).verify(POLICY)

    def test_of_another_entry_proves_nothing(self):
        with pytest.raises(Unproven):
            receipt.parse(carried(leaf=OTHER["leaf"])).verify(POLICY)

    def test_of_a_log_that_nobody_believes_proves_nothing(self):
        with pytest.raises(Unproven):
            receipt.parse(carried()).verify(Policy(logs=[], quorum="none"))

    def test_without_entry_is_none(self):
        bare = replace(Proof.parse(carried()), extra=None)
        for text in (str(bare), carried(more=1), carried().replace("extra ", "index ")):
            with pytest.raises(Malformed):
                receipt.parse(text)
