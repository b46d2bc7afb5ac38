"""Decisions that an auditor looks at: how long they took, and what somebody's acting rests on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casehub.directory import services as directory
from casehub.oversight import limits
from casehub.oversight.queries import chains
from tests.integration.cases.made import asking, proposal
from tests.integration.designations.lives import Life
from tests.integration.oversight.test_figures import figures


@pytest.fixture
def life(desk):
    return Life(desk.region)


def after(desk, clock, life, seconds):
    """Let time pass for everybody."""
    desk.move(clock, timedelta(seconds=seconds))
    life.now = desk.region.now


def timed(found):
    return sorted((one["kind"], one["seconds"]) for one in found["slowest"])


def hasty(found):
    return [one["count"] for one in found["anomalies"] if one["sort"] == "hasty"]


class TestTheApprovalsOfADesignation:
    def test_are_timed_each_from_the_nomination(self, desk, life, clock):
        life.nominated()
        after(desk, clock, life, 600)
        life.approve(life.one)
        after(desk, clock, life, 3000)
        life.approve(life.two)
        given = "designations.approval.given"
        assert timed(figures(desk)) == [(given, 600), (given, 3600)]

    def test_stand_out_within_a_minute(self, desk, life, clock):
        life.nominated()
        after(desk, clock, life, 59)
        life.approve(life.one)
        after(desk, clock, life, 1)
        life.approve(life.two)
        assert hasty(figures(desk)) == [59]

    def test_are_timed_from_the_last_nomination(self, desk, life, clock):
        life.nominated()
        after(desk, clock, life, 7200)
        life.change(post="Fiscal")
        life.answer(life.ask())
        life.close()
        life.nominate()
        after(desk, clock, life, 120)
        life.approve(life.one)
        assert timed(figures(desk)) == [("designations.approval.given", 120)]


class TestTheConsentToOpenACase:
    @pytest.fixture
    def ana(self, desk):
        return desk.region.equipped("SV")

    @pytest.fixture
    def joining(self, desk, ana):
        return asking(desk.region, ana, "MX", consented=False)

    def test_is_timed_from_the_proposal(self, desk, joining, clock):
        desk.move(clock, timedelta(hours=2))
        desk.region.consented(joining)
        assert timed(figures(desk)) == [("cases.state.consented", 7200)]

    def test_stands_out_within_a_minute(self, desk, joining, clock):
        desk.move(clock, timedelta(seconds=59))
        desk.region.consented(joining)
        assert hasty(figures(desk)) == [59]

    def test_is_that_of_its_own_proposal(self, desk, ana, joining, clock):
        """Two openings of one case are two decisions."""
        desk.move(clock, timedelta(hours=1))
        desk.region.seat("GT")
        other = proposal(desk.region, ana, joining.case_id, "GT")
        desk.move(clock, timedelta(hours=1))
        desk.region.consented(joining)
        desk.region.consented(other)
        took = [("cases.state.consented", 3600), ("cases.state.consented", 7200)]
        assert timed(figures(desk)) == took


class TestReadingInBulk:
    def test_is_also_of_the_cards_and_contacts_of_people(self, desk):
        ana, luz = desk.region.equipped("SV"), desk.region.equipped("SV")
        client = desk.sit(ana)
        directory.change_contact(
            person=luz.id,
            phone="+503 7777 0199",
            note="",
            duty=False,
            actor=luz.actor,
            now=desk.region.now,
        )
        for times in range(limits.BULK):
            what = "contact/open" if times % 2 else "open"
            path = f"/api/directory/people/{luz.person}/{what}"
            body = {"case": None} if times % 2 else {}
            answer = client.post(path, body, content_type="application/json")
            assert answer.status_code == 200, answer.content
        (bulk,) = [one for one in figures(desk)["anomalies"] if one["sort"] == "bulk"]
        assert bulk["count"] == limits.BULK


class TestTheChainBehindSomebody:
    def test_goes_from_the_nomination_over_each_hand_to_the_key(self, desk, life, clock):
        life.active()
        desk.sequence()
        steps = chains.behind(str(life.row.person), reader="SV")
        assert [(one["step"], one["count"]) for one in steps] == [
            ("entered", 1),
            ("nominated", 1),
            ("approved", 1),
            ("approved", 2),
            ("designated", 3),
            ("bound", 1),
            ("cases", 0),
        ]
        places = [one["position"] for one in steps[1:6]]
        assert None not in places
        assert places == sorted(places)

    def test_tells_other_states_nothing(self, desk, life):
        life.active()
        desk.sequence()
        assert chains.behind(str(life.row.person), reader="MX") == []
