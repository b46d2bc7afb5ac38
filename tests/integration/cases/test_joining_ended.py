"""How a proposal to open a case to a State ends without it: refused, withdrawn, objected to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit.models import AuditEvent
from casehub.cases import limits, queries, services
from casehub.cases.models import Case, Joining
from casehub.core.errors import NotVisible, Refused
from tests.integration.cases.made import asking, proposal

SECOND = timedelta(seconds=1)


def states_of(case):
    return Case.objects.get(id=case).state_set


def last_event():
    return AuditEvent.objects.order_by("-id").first()


class TestEnding:
    def test_a_coordinator_of_the_owner_refuses_before_and_after_consenting(
        self, region, ana, boris, coordinator, acting, recorded
    ):
        for consented, concerned in ((False, {"SV"}), (True, {"SV", "MX"})):
            made = asking(region, ana, "MX", consented=consented)
            with recorded("cases.state.refused"):
                acting(services.refuse_joining, coordinator("SV"), joining=made.id, reason="other")
            assert set(last_event().states.split(",")) == concerned

    def test_a_liaison_of_the_owner_refuses_nothing(self, region, ana, boris, acting):
        made = asking(region, ana, "MX")
        with pytest.raises(NotVisible):
            acting(services.refuse_joining, ana, joining=made.id, reason="other")

    def test_anybody_of_the_owner_state_in_the_case_withdraws(
        self, region, ana, boris, coordinator, acting, recorded
    ):
        bea = region.equipped("SV")
        case = region.case(ana, bea)
        made = proposal(region, ana, case, "MX")
        with recorded(), pytest.raises(NotVisible):
            acting(services.withdraw_joining, coordinator("SV"), joining=made.id)
        with recorded("cases.state.withdrawn"):
            assert acting(services.withdraw_joining, bea, joining=made.id) == case

    def test_those_who_are_in_object_within_the_hour(self, region, ana, boris, carla, recorded):
        case = region.case(ana, boris)
        first = region.consented(proposal(region, ana, case, "GT"))
        said = {"joining": first.id, "reason": "talk-first", "actor": boris.actor}
        with recorded(), pytest.raises(Refused, match="joining-over"):
            services.object_to_joining(**said, now=region.now + limits.OBJECTION)
        with recorded("cases.state.objected"):
            services.object_to_joining(**said, now=region.now + limits.OBJECTION - SECOND)
        assert Joining.objects.get(id=first.id).ended == "objected"

    def test_those_who_are_in_see_nothing_before_the_owner_state_consents(
        self, region, ana, boris, carla, acting
    ):
        case = region.case(ana, boris)
        made = proposal(region, ana, case, "GT")
        with pytest.raises(NotVisible):
            acting(services.object_to_joining, boris, joining=made.id, reason="other")
        assert queries.shape_for(boris.actor, case, now=region.now)["joinings"] == []
