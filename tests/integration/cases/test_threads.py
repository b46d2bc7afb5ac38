"""Threads of a case: opened, entered, left."""

from __future__ import annotations

from uuid import uuid4

import pytest

from casehub.cases import queries, services
from casehub.cases.models import Circle
from casehub.core.errors import NotVisible, Refused
from tests.factories import title_of


def readers(circle):
    return {str(p) for p in queries.readers_of([circle]).get(circle, set())}


class TestOpenThread:
    def test_is_read_by_its_opener_and_those_named(self, region, ana, boris, acting, recorded):
        case = region.case(ana, boris)
        with recorded("cases.thread.opened"):
            thread = acting(
                services.open_thread, ana, case=case, client_id=uuid4(), people=[boris.id]
            )
        assert readers(thread) == {ana.person, boris.person}
        assert Circle.objects.get(id=thread).kind == Circle.Kind.THREAD

    def test_answers_a_retry_with_the_same_thread(self, region, ana, boris, acting, recorded):
        request = {
            "case": region.case(ana, boris),
            "client_id": uuid4(),
            "people": [boris.id],
        }
        thread = acting(services.open_thread, ana, **request)
        with recorded():
            assert acting(services.open_thread, ana, **request) == thread

    def test_refuses_a_client_id_that_comes_back_for_other_people(
        self, region, ana, boris, acting, recorded
    ):
        case, client_id = region.case(ana, boris), uuid4()
        acting(services.open_thread, ana, case=case, client_id=client_id, people=[boris.id])
        with recorded(), pytest.raises(Refused, match="id-reused"):
            acting(services.open_thread, ana, case=case, client_id=client_id, people=[])

    def test_hides_people_who_are_not_in_the_case(self, region, ana, boris, acting, recorded):
        case = region.case(ana)
        for person in (boris.id, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                acting(services.open_thread, ana, case=case, client_id=uuid4(), people=[person])

    def test_hides_the_case_from_an_outsider(self, region, ana, boris, acting, recorded):
        case = region.case(ana)
        with recorded(), pytest.raises(NotVisible):
            acting(services.open_thread, boris, case=case, client_id=uuid4(), people=[])

    def test_is_not_seen_by_members_who_do_not_read_it(self, region, ana, boris, carla, acting):
        case = region.case(ana, boris, carla)
        thread = region.thread(ana, boris, case=case)
        shapes = {
            who.person: queries.shape_for(who.actor, case, now=region.now) for who in (ana, carla)
        }
        assert [t["circle"] for t in shapes[ana.person]["threads"]] == [thread]
        assert shapes[carla.person]["threads"] == []


class TestReaders:
    def test_a_member_of_the_case_enters_one_thread(self, region, ana, boris, acting, recorded):
        case = region.case(ana, boris)
        thread = region.thread(ana, case=case)
        with recorded("cases.reader.added"):
            acting(services.add_reader, ana, circle=thread, client_id=uuid4(), person=boris.id)
        assert readers(thread) == {ana.person, boris.person}

    def test_a_second_time_changes_nothing(self, region, ana, boris, acting, recorded):
        case = region.case(ana, boris)
        thread = region.thread(ana, boris, case=case)
        with recorded(), pytest.raises(Refused, match="already-in"):
            acting(services.add_reader, ana, circle=thread, client_id=uuid4(), person=boris.id)

    def test_nobody_from_outside_the_case_enters(self, region, ana, boris, acting, recorded):
        thread = region.thread(ana)
        with recorded(), pytest.raises(NotVisible):
            acting(services.add_reader, ana, circle=thread, client_id=uuid4(), person=boris.id)

    def test_a_member_who_does_not_read_the_thread_cannot_let_in_or_shut_out(
        self, region, ana, boris, carla, acting, recorded
    ):
        case = region.case(ana, boris, carla)
        thread = region.thread(ana, boris, case=case)
        with recorded(), pytest.raises(NotVisible):
            acting(services.add_reader, carla, circle=thread, client_id=uuid4(), person=carla.id)
        with recorded(), pytest.raises(NotVisible):
            acting(services.remove_reader, carla, circle=thread, person=boris.id)

    def test_a_removed_reader_keeps_the_case(self, region, ana, boris, acting, recorded):
        case = region.case(ana, boris)
        thread = region.thread(ana, boris, case=case)
        with recorded("cases.reader.removed"):
            acting(services.remove_reader, ana, circle=thread, person=boris.id)
        assert readers(thread) == {ana.person}
        assert boris.person in readers(title_of(case))

    def test_the_title_circle_follows_the_case(self, region, ana, boris, acting, recorded):
        case = region.case(ana, boris)
        with recorded(), pytest.raises(Refused, match="title-follows-case"):
            acting(services.remove_reader, ana, circle=title_of(case), person=boris.id)

    @pytest.mark.parametrize("person", ["owner", "another State's"])
    def test_only_ones_own_state_or_the_owner_shuts_out(
        self, region, ana, boris, carla, acting, recorded, person
    ):
        case = region.case(ana, boris, carla)
        thread = region.thread(ana, boris, carla, case=case)
        who, why = (ana, "owner-stays") if person == "owner" else (carla, "not-yours-to-remove")
        with recorded(), pytest.raises(Refused, match=why):
            acting(services.remove_reader, boris, circle=thread, person=who.id)
