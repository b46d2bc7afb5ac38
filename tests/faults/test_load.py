"""Twelve people at once, two web processes, one that signs: every act has its entry."""

from __future__ import annotations

import pytest

from bench import load_audit

ACTS = 2000  # of 20,000 in `make load-audit`
SECONDS = 120


@pytest.mark.timeout(600)
@pytest.mark.faults
class TestUnderLoad:
    def test_every_acknowledged_act_has_its_entry(self) -> None:
        with load_audit.full() as (place, casehub):
            tally = load_audit.load(place, casehub, acts=ACTS)
        assert tally.acknowledged == tally.entries >= ACTS
        assert "every act has its event" in tally.verified
        assert tally.verified.endswith("The log is whole.\n")
        assert tally.acting < SECONDS
