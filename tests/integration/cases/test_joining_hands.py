"""Whose hands a State is let in on: of people who are in force when it is accepted."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from casehub.cases import services
from casehub.cases.models import Case, Joining
from casehub.cases.queries import asked_states, joinings_for, joinings_wanting, step_of
from casehub.core.errors import Refused
from casehub.directory import services as directory
from casehub.directory.models import Stop
from tests.integration.cases.made import asking, proposal


def stopped_and_lifted(region, whom):
    """Let somebody, or their whole State, have been stopped a moment ago and be in again."""
    kind = Stop.Kind.STATE if whom is None else Stop.Kind.SUSPENDED
    Stop.objects.create(
        kind=kind,
        state_id="SV",
        person_id=None if whom is None else whom.id,
        at=region.now,
        ended_at=region.now,
        audit_event_id=region.event(Stop),
    )


class TestConsent:
    @pytest.mark.parametrize("whole", [False, True])
    def test_is_not_to_what_somebody_proposed_before_they_or_their_state_were_stopped(
        self, region, ana, coordinator, hand, recorded, whole
    ):
        made = asking(region, ana, "MX", consented=False)
        stopped_and_lifted(region, None if whole else ana)
        with recorded(), pytest.raises(Refused, match="joining-hand-stopped"):
            hand(services.consent_to_joining, coordinator("SV"), made)


class TestAClosedCase:
    def test_takes_no_consent_nor_asks_for_it(self, region, ana, coordinator, hand, recorded):
        made = asking(region, ana, "MX", consented=False)
        consenter = coordinator("SV")
        for waiting in (joinings_wanting, joinings_for):
            assert len(waiting(consenter.actor, now=region.now)) == 1
        services.close_case(case=made.case_id, actor=ana.actor, now=region.now)
        with recorded(), pytest.raises(Refused, match="case-closed"):
            hand(services.consent_to_joining, consenter, made)
        for waiting in (joinings_wanting, joinings_for):
            assert waiting(consenter.actor, now=region.now) == []

    def test_asks_no_other_state_to_accept(self, region, ana, boris):
        asking(region, ana, "MX")
        for waiting in (joinings_wanting, joinings_for):
            assert len(waiting(boris.actor, now=region.now)) == 1
        case = Case.objects.get().id
        services.close_case(case=case, actor=ana.actor, now=region.now)
        for waiting in (joinings_wanting, joinings_for):
            assert waiting(boris.actor, now=region.now) == []


class TestAcceptance:
    @pytest.mark.parametrize("whom", ["proposer", "consenter", "owner-state"])
    def test_is_not_on_the_hands_of_those_who_were_stopped_since(
        self, region, ana, boris, coordinator, hand, recorded, whom
    ):
        made = asking(region, ana, "MX", consented=False)
        consenter = coordinator("SV")
        hand(services.consent_to_joining, consenter, made)
        officer = region.person("SV", "ministry")
        if whom == "owner-state":
            directory.stop_state(code="SV", actor=officer.actor, now=region.now)
        else:
            stopped = ana if whom == "proposer" else consenter
            directory.suspend_person(
                person=stopped.id, reason="key-exposed", actor=officer.actor, now=region.now
            )
        with recorded(), pytest.raises(Refused, match="joining-hand-stopped"):
            hand(services.accept_joining, boris, made)
        assert Case.objects.get(id=made.case_id).state_set == {"SV"}

    @pytest.mark.parametrize("whom", ["proposer", "consenter", "owner-state"])
    def test_is_not_on_hands_given_before_a_stop_that_was_lifted_since(
        self, region, ana, boris, coordinator, hand, recorded, whom
    ):
        made = asking(region, ana, "MX", consented=False)
        consenter = coordinator("SV")
        hand(services.consent_to_joining, consenter, made)
        stopped_and_lifted(region, {"proposer": ana, "consenter": consenter}.get(whom))
        with recorded(), pytest.raises(Refused, match="joining-hand-stopped"):
            hand(services.accept_joining, boris, made)
        made.refresh_from_db()
        assert step_of(made, now=region.now) == "void"
        #  So it is begun anew: the one before asks nobody any more.
        assert asked_states(made.case, now=region.now) == set()
        region.now += timedelta(seconds=1)
        services.propose_state(
            case=made.case_id,
            client_id=uuid4(),
            state="MX",
            urgent=False,
            actor=ana.actor,
            now=region.now,
        )
        again = Joining.objects.select_related("case").latest("proposed_at")
        hand(services.consent_to_joining, consenter, again)
        hand(services.accept_joining, boris, again)
        assert Case.objects.get(id=made.case_id).state_set == {"SV", "MX"}

    def test_stays_where_it_came_before_the_stop(self, region, ana, boris, hand):
        made = asking(region, ana, "MX")
        hand(services.accept_joining, boris, made)
        stopped_and_lifted(region, None)
        made.refresh_from_db()
        assert step_of(made, now=region.now) == "accepted"

    def test_is_not_on_the_hand_of_somebody_who_left_the_case_since(
        self, region, ana, boris, hand, acting
    ):
        bea = region.equipped("SV")
        case = region.case(ana, bea)
        made = region.consented(proposal(region, bea, case, "MX"))
        acting(services.remove_person, ana, case=case, person=bea.id)
        with pytest.raises(Refused, match="joining-over"):
            hand(services.accept_joining, boris, made)
