"""A byte that changes between hashing and signing, wherever it lies: nothing is signed."""

from __future__ import annotations

import pytest

from audit.models import SignedCheckpoint
from audit.sequencing import Untrustworthy

FLIPS = {
    "the stored root": (
        "UPDATE audit_log SET root = (SELECT leaf FROM audit_logentry LIMIT 1) WHERE name = 'acts'"
    ),
    "entry 1": (
        "UPDATE audit_logentry SET leaf = (SELECT root FROM audit_log WHERE name = 'acts')"
        " WHERE position = 1"
    ),
    "entry 2": (
        "UPDATE audit_auditevent SET leaf = (SELECT root FROM audit_log WHERE name = 'acts')"
        " WHERE id = (SELECT event_id FROM audit_logentry WHERE position = 2)"
    ),
}


class TestAFlip:
    @pytest.mark.parametrize("words", FLIPS)
    def test_between_hashing_and_signing_is_seen_and_nothing_is_anchored(self, bench, words):
        def passing(step):
            if step == "integrated":
                bench.tamper(FLIPS[words])

        bench.record(3)
        with pytest.raises(Untrustworthy, match=words):
            bench.sequencer(passing=passing).tick()
        assert not SignedCheckpoint.objects.exists()
        assert not list(bench.anchor_folder.glob("audit.*"))
