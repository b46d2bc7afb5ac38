"""The owner of a case is of another State than the draft: whom they shut out, and of what."""

from __future__ import annotations

from uuid import uuid4

import pytest

from audit import queries as log
from casehub.cases import queries as cases
from casehub.cases import services as cases_services
from casehub.core.errors import NotVisible
from messaging import queries as messaging
from requests_mla import services


@pytest.fixture
def case(region, ana, bea, boris):
    """Boris of Mexico owns it; Ana and Bea of El Salvador draft in it."""
    return region.case(boris, ana, bea)


@pytest.fixture
def thread(region, case, ana, bea, boris):
    return region.thread(boris, ana, bea, case=case)


@pytest.fixture
def removing(case, acting):
    def call(by, *people):
        for one in people:
            acting(cases_services.remove_person, by, case=case, person=one.id)

    return call


@pytest.fixture
def returning(case, acting):
    def call(by, whom, *circles):
        asked = {"client_id": uuid4(), "person": whom.id, "circles": list(circles)}
        acting(cases_services.add_person, by, case=case, **asked)

    return call


class TestOwnerOfAnotherState:
    def test_ends_what_a_drafter_reads_of_the_case(
        self, draft, thread, case, ana, boris, removing, recorded, now
    ):
        with recorded("cases.person.removed"):
            removing(boris, ana)
        assert cases.cases_for(ana.actor, now=now) == []
        for circle in (thread, cases.shape_for(boris.actor, case, now=now)["circle"]):
            assert ana.person not in messaging.audience(circle)
            with pytest.raises(NotVisible):
                cases.circle_for(ana.actor, circle)

    def test_ends_nothing_that_a_drafter_does_in_the_draft(self, draft, ana, bea, boris, removing):
        draft.take(ana)
        removing(boris, ana, bea)
        assert draft.shape(ana)["people"] == sorted([ana.id, bea.id], key=str)
        assert draft.shape(bea)["turn"]["person"] == ana.id
        assert draft.save(ana) == 1
        draft.attest(ana, ready=True)
        assert draft.row.stage == "ready"
        assert messaging.audience(draft.circle) == {ana.person, bea.person}

    def test_takes_nothing_and_gives_nothing_by_letting_a_drafter_in_again(
        self, draft, thread, ana, bea, boris, removing, returning
    ):
        removing(boris, ana)
        returning(boris, ana)
        assert draft.shape(ana)["people"] == sorted([ana.id, bea.id], key=str)
        assert ana.person not in messaging.audience(thread)

    def test_does_not_keep_drafters_from_shutting_one_of_them_out(
        self, draft, ana, bea, boris, acting, removing
    ):
        removing(boris, ana, bea)
        acting(services.remove_reader, ana, request_id=draft.id, person=bea.id)
        assert draft.shape(ana)["people"] == [ana.id]
        with pytest.raises(NotVisible):
            draft.shape(bea)

    def test_does_not_keep_drafters_from_letting_a_person_of_the_case_in(
        self, region, draft, ana, bea, boris, acting, removing, returning
    ):
        newcomer = region.equipped("SV")
        returning(ana, newcomer)
        removing(boris, ana, bea)
        asked = {"client_id": uuid4(), "person": newcomer.id}
        acting(services.add_reader, ana, request_id=draft.id, **asked)
        assert newcomer.id in draft.shape(ana)["people"]

    def test_lets_no_drafter_begin_another_request_in_the_case(
        self, draft, opened, ana, boris, removing, recorded
    ):
        removing(boris, ana)
        with recorded(), pytest.raises(NotVisible):
            opened(by=ana)

    def test_tells_a_drafter_outside_the_case_nothing_of_who_is_in_it(
        self, draft, region, ana, boris, removing, recorded
    ):
        outsider = region.person("MX")
        removing(boris, ana)
        for person in (boris, outsider):
            with recorded(), pytest.raises(NotVisible):
                services.add_reader(
                    request_id=draft.id,
                    client_id=uuid4(),
                    person=person.id,
                    actor=ana.actor,
                    now=draft.now,
                )

    def test_learns_nothing_of_a_draft_from_the_act(self, draft, case, bea, boris, removing, now):
        removing(boris, bea)
        (event,) = log.payloads_of("cases.person.removed")
        assert event["payload"]["circles"] == [
            str(cases.shape_for(boris.actor, case, now=now)["circle"])
        ]


class TestOwnState:
    def test_shuts_its_person_out_of_the_case_and_its_drafts(self, draft, ana, bea, removing):
        removing(bea, ana)
        assert draft.shape(bea)["people"] == [bea.id]
        with pytest.raises(NotVisible):
            draft.shape(ana)

    def test_that_is_oneself_leaves_both(self, draft, ana, bea, removing):
        removing(bea, bea)
        assert draft.shape(ana)["people"] == [ana.id]

    def test_names_no_draft_in_a_log_that_other_states_read(
        self, draft, case, ana, bea, boris, removing, now
    ):
        removing(ana, bea)
        (event,) = log.payloads_of("cases.person.removed")
        assert event["states"] == ["MX", "SV"]
        assert event["payload"]["circles"] == [
            str(cases.shape_for(boris.actor, case, now=now)["circle"])
        ]
