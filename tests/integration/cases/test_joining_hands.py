"""Whose hands a State is let in on: of people who are in force when it is accepted."""

from __future__ import annotations

import pytest

from casehub.cases import services
from casehub.cases.models import Case
from casehub.core.errors import Refused
from casehub.directory import services as directory
from tests.integration.cases.made import asking, proposal


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

    def test_is_not_on_the_hand_of_somebody_who_left_the_case_since(
        self, region, ana, boris, hand, acting
    ):
        bea = region.equipped("SV")
        case = region.case(ana, bea)
        made = region.consented(proposal(region, bea, case, "MX"))
        acting(services.remove_person, ana, case=case, person=bea.id)
        with pytest.raises(Refused, match="joining-over"):
            hand(services.accept_joining, boris, made)
