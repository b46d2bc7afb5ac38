"""What a client is handed of its own acts: the vectors that the browser's checks run too."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import commitments, promises
from audit.tlog.merkle import leaf_hash
from audit.tlog.note import Note, SigningKey
from audit.tlog.text import from_b64, to_b64

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors/audit/receipts.json").read_text(encoding="utf-8")
)
KEY = SigningKey(
    promises.keyring.promise_name(VECTORS["origin"]),
    Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["promise_seed"])),
)


@pytest.mark.parametrize("event", VECTORS["events"], ids=lambda event: event["promise"][:3])
class TestAReceipt:
    def test_has_the_entry_of_the_vectors(self, event):
        payload, salt = from_b64(event["payload"]), from_b64(event["salt"])
        assert to_b64(commitments.commitment_to(payload, salt)) == event["commitment"]
        leaf = commitments.leaf_of(
            payload,
            salt=salt,
            states=event["states"],
            time=event["time"],
            secret=from_b64(VECTORS["secret"]),
        )
        assert to_b64(leaf) == event["leaf"]

    def test_was_promised_as_in_the_vectors(self, event, monkeypatch):
        monkeypatch.setattr(promises.keyring, "promise_key", lambda _: KEY)
        monkeypatch.setattr(
            promises.keyring, "origins", lambda year: {"acts": f"audit.example/{year}"}
        )
        number = int(event["promise"].split(" ")[0])
        made = promises.promise(
            event=number,
            leaf=from_b64(event["leaf"]),
            at=datetime.fromtimestamp(event["time"], UTC),
        )
        assert str(made) == event["promise"]
        assert to_b64(leaf_hash(from_b64(event["leaf"]))) == made.hash

    def test_leaves_a_complaint_that_is_a_signed_note(self, event):
        note = Note.parse(event["note"])
        note.signatures([KEY.public])
        assert str(KEY.public) == VECTORS["promise_vkey"]
