"""What a request may look like: one spelling of everything."""

from __future__ import annotations

import pytest

from audit.tlog.errors import Malformed
from tests.unit.witness.logs import VECTORS, Log, request
from witness.offers import MOST_BYTES, Offer

VECTOR = VECTORS["add_checkpoint_3_to_7"]
LOG = Log(7)
NOTE = LOG.note(7)


class TestAnOffer:
    def test_of_the_vector_is_read(self):
        offer = Offer.parse(VECTOR)
        assert (offer.old, list(offer.proof)) == (3, LOG.proof(3, 7))
        assert (offer.checkpoint, str(offer.note)) == (LOG.checkpoint(7), NOTE)

    def test_is_made_byte_for_byte(self):
        assert LOG.body(3, 7) == VECTOR
        assert str(Offer.parse(VECTOR)) == VECTOR

    def test_may_have_no_proof(self):
        assert Offer.parse(request(0, [], NOTE)).proof == ()

    def test_may_have_63_hashes_and_a_full_note(self):
        line = f"— other.example {'A' * 64}\n"
        note = NOTE + line * 90
        body = request(7, [bytes(32)] * 63, note)
        assert len(Offer.parse(body).proof) == 63
        assert len(body.encode()) < MOST_BYTES

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "\n\n" + NOTE,
            NOTE,
            VECTOR.replace("old 3", "old 03"),
            VECTOR.replace("old 3", "old  3"),
            VECTOR.replace("old 3", "old -3"),
            VECTOR.replace("old 3", "old 3 "),
            VECTOR.replace("old 3", "old"),
            VECTOR.replace("old 3", "Old 3"),
            VECTOR.replace("old 3", "old 8"),  # larger than the checkpoint
            VECTOR.replace("old 3", f"old {2**63}"),
            VECTOR.replace("V8efTz", "V8efT"),
            VECTOR.replace("SkE=", "SkF="),  # the same bytes in another spelling
            VECTOR.replace("\n", "\r\n"),
            VECTOR.replace("\n7\n", "\n07\n"),
            VECTOR.replace("tYc=\n", "tYc=\nextension\n"),
            VECTOR.partition("\n— ")[0],
            VECTOR.rstrip("\n"),
            request(7, [bytes(32)] * 64, NOTE),
            request(3, [bytes(31)], NOTE),
        ],
    )
    def test_in_another_spelling_is_none(self, body):
        with pytest.raises(Malformed):
            Offer.parse(body)
