"""The day's wait: who was designated just now is let into nothing that several States read."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from casehub.cases import services
from casehub.cases.models import CaseMember, Reader
from casehub.core.errors import Refused

DAY = timedelta(hours=24)


@pytest.fixture
def shared(region, acting):
    """A case of two States that have been here for two days, and its owner."""
    region.aged("SV", "MX")
    region.now -= timedelta(days=2)
    owner = region.equipped("SV")
    region.now += timedelta(days=2)
    return owner, region.opened(owner, "MX")


def adding(case, person, owner, at, circles=()):
    services.add_person(
        case=case, client_id=uuid4(), person=person.id, circles=circles, actor=owner.actor, now=at
    )


class TestANewcomer:
    @pytest.mark.parametrize("state", ["SV", "MX"])
    def test_is_not_let_into_a_case_of_several_states(self, region, shared, recorded, state):
        owner, case = shared
        newcomer = region.equipped(state)
        with recorded(), pytest.raises(Refused, match="person-limited") as refused:
            adding(case, newcomer, owner, region.now)
        assert refused.value.params == {"until": region.now + DAY}
        assert not CaseMember.objects.filter(person_id=newcomer.id).exists()

    def test_is_refused_to_the_last_second_and_let_in_after_it(self, region, shared):
        owner, case = shared
        newcomer = region.equipped("MX")
        with pytest.raises(Refused, match="person-limited"):
            adding(case, newcomer, owner, region.now + DAY - timedelta(seconds=1))
        adding(case, newcomer, owner, region.now + DAY)
        assert CaseMember.objects.filter(case=case, person_id=newcomer.id).exists()

    def test_works_in_a_case_of_their_own_state_at_once(self, region, shared, acting):
        owner, _ = shared
        own = acting(services.open_case, owner, client_id=uuid4(), states=["SV"])
        newcomer = region.equipped("SV")
        adding(own, newcomer, owner, region.now)
        assert CaseMember.objects.filter(case=own, person_id=newcomer.id).exists()

    def test_is_in_at_once_on_the_first_day_of_their_state(self, region, shared, acting):
        owner, _ = shared
        newcomer = region.equipped("GT")
        case = region.opened(owner, "GT")
        adding(case, newcomer, owner, region.now)
        assert CaseMember.objects.filter(case=case, person_id=newcomer.id).exists()


class TestSomebodyWithANewKey:
    @pytest.fixture
    def member(self, region, shared):
        owner, case = shared
        region.now -= timedelta(days=2)
        someone = region.equipped("MX")
        region.now += timedelta(days=2)
        adding(case, someone, owner, region.now)
        region.rekeyed(someone)
        return someone

    def test_enters_no_thread_of_several_states(self, region, shared, member, acting, recorded):
        owner, case = shared
        thread = region.thread(owner, case=case)
        with recorded(), pytest.raises(Refused, match="person-limited") as refused:
            acting(services.add_reader, owner, circle=thread, client_id=uuid4(), person=member.id)
        assert refused.value.params == {"until": region.now + DAY}
        assert not Reader.objects.filter(circle=thread, person_id=member.id).exists()

    def test_opens_no_thread_herself(self, region, shared, member, acting, recorded):
        owner, case = shared
        with recorded(), pytest.raises(Refused, match="person-limited") as refused:
            acting(services.open_thread, member, case=case, client_id=uuid4(), people=[owner.id])
        assert refused.value.params == {"until": region.now + DAY}
        assert not Reader.objects.filter(circle__kind="thread", person_id=member.id).exists()

    def test_is_in_no_new_thread_of_others(self, shared, member, acting, recorded):
        owner, case = shared
        with recorded(), pytest.raises(Refused, match="person-limited"):
            acting(services.open_thread, owner, case=case, client_id=uuid4(), people=[member.id])
