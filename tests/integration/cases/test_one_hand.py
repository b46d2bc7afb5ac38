"""One hand lets somebody of a State of the case in, and who takes them out again (ADR 45)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from casehub.cases import services
from casehub.cases.models import CaseMember
from casehub.core.errors import NotVisible, Refused


@pytest.fixture
def case(region, ana, boris, carla, acting):
    """A case of ana's (SV), in which boris (MX) is; GT, carla's State, takes part."""
    found = region.opened(ana, "MX", "GT")
    let_in(acting, ana, found, boris)
    return found


def let_in(acting, by, case, person):
    return acting(
        services.add_person, by, case=case, client_id=uuid4(), person=person.id, circles=[]
    )


def is_in(case, person):
    return CaseMember.objects.filter(case=case, person_id=person.person, removed_at=None).exists()


class TestAMember:
    def test_lets_in_somebody_of_another_state_of_the_case_with_one_hand(
        self, boris, carla, case, acting, recorded
    ):
        with recorded("cases.person.added"):
            let_in(acting, boris, case, carla)
        assert is_in(case, carla)

    def test_lets_in_somebody_of_their_own_state_with_one_hand(self, region, boris, case, acting):
        colleague = region.equipped("MX")
        let_in(acting, boris, case, colleague)
        assert is_in(case, colleague)


class TestWhoeverWasLetIn:
    def test_is_taken_out_by_the_owner_or_by_a_member_of_their_own_state(
        self, region, ana, boris, case, acting
    ):
        colleague = region.equipped("MX")
        for by in (ana, boris):
            let_in(acting, ana, case, colleague)
            acting(services.remove_person, by, case=case, person=colleague.id)
            assert not is_in(case, colleague)

    def test_is_not_taken_out_by_others_of_the_owners_state(self, region, ana, boris, case, acting):
        other, colleague = region.equipped("SV"), region.equipped("MX")
        for one in (other, colleague):
            let_in(acting, ana, case, one)
        with pytest.raises(Refused, match="not-yours-to-remove"):
            acting(services.remove_person, other, case=case, person=colleague.id)

    def test_is_not_taken_out_by_a_coordinator_who_is_not_in_the_case(
        self, region, boris, case, acting
    ):
        coordinator = region.person("MX", "coordinator")
        with pytest.raises(NotVisible):
            acting(services.remove_person, coordinator, case=case, person=boris.id)
