"""Who sees what waits for a State to join a case, and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casehub.cases import limits, queries, services
from tests.integration.cases.made import asking


@pytest.fixture
def rung(monkeypatch):
    """Return the frames that persons were sent."""
    found = []
    monkeypatch.setattr(
        "casehub.core.doorbell.ring", lambda group, event: found.append((group, event))
    )
    return lambda: {group for group, event in found if event.get("signal", {}).get("joining")}


class TestWhoSeesWhatWaits:
    def seen(self, region, who, after=timedelta(0)):
        rows = queries.joinings_for(who.actor, now=region.now + after)
        return [(row["reference"], row["step"]) for row in rows]

    def test_the_coordination_first_then_the_state_that_is_asked(
        self, region, ana, boris, carla, coordinator
    ):
        made = asking(region, ana, "MX", consented=False)
        sv, mx = coordinator("SV"), coordinator("MX")
        assert self.seen(region, sv) == [("SV-2026-0001", "consent")]
        assert [self.seen(region, who) for who in (ana, boris, mx, carla)] == [[], [], [], []]
        region.consented(made)
        waiting = [("SV-2026-0001", "acceptance")]
        assert [self.seen(region, who) for who in (sv, boris, mx)] == [waiting] * 3
        assert self.seen(region, carla) == []

    def test_never_a_title_a_circle_or_who_is_in_the_case(self, region, ana, boris):
        asking(region, ana, "MX")
        (row,) = queries.joinings_for(boris.actor, now=region.now)
        assert row.keys() == {
            "id",
            "case",
            "reference",
            "owner_state",
            "state",
            "step",
            "urgent",
            "proposer",
            "proposed_at",
            "lapses_at",
            "consented_at",
            "objections_until",
            "wait_until",
            "wait_for",
            "ended_at",
            "reason",
        }

    def test_of_what_lapsed_for_another_week_that_it_did(self, region, ana, boris):
        made = asking(region, ana, "MX")
        lapsed, week = limits.JOINING_LASTS, limits.TOLD
        assert self.seen(region, boris, lapsed) == [("SV-2026-0001", "lapsed")]
        assert self.seen(region, boris, lapsed + week) == []
        (shown,) = queries.shape_for(ana.actor, made.case_id, now=region.now + lapsed + week)[
            "joinings"
        ]
        assert shown["step"] == "lapsed"

    def test_is_gone_once_it_is_accepted(self, region, ana, boris, hand):
        made = asking(region, ana, "MX")
        hand(services.accept_joining, boris, made)
        assert self.seen(region, boris) == []
        assert queries.shape_for(ana.actor, made.case_id, now=region.now)["joinings"] == []

    def test_is_rung_to_the_coordination_and_after_its_consent_to_the_other_state(
        self, region, ana, boris, coordinator, rung
    ):
        made = asking(region, ana, "MX", consented=False)
        sv = {f"person.{coordinator('SV').person}"}
        assert rung() == sv
        region.consented(made)
        mx = {f"person.{one.person}" for one in (boris, coordinator("MX"))}
        assert rung() == sv | mx
