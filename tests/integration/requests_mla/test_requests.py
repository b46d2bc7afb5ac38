"""Requests begun, listed and looked into."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from audit import queries as log
from casehub.cases import queries as cases
from casehub.cases import services as cases_services
from casehub.cases.models import Circle
from casehub.core.errors import NotVisible, Refused
from casehub.directory.models import Person
from requests_mla import queries, services
from requests_mla.errors import DisclosedRefused
from requests_mla.models import Request


class TestOpenRequest:
    def test_begins_an_empty_draft_read_by_its_drafter_and_those_named(
        self, opened, ana, bea, boris, case, recorded, now
    ):
        with recorded("requests.request.opened"):
            draft = opened(bea)
        assert draft.shape(ana) == {
            "id": draft.id,
            "case": case,
            "circle": draft.circle,
            "requesting_state": "SV",
            "requested_state": "MX",
            "stage": "idea",
            "came_back": False,
            "disclosed": {
                "requesting_state": "SV",
                "requested_state": "MX",
                "law_date": "2026-11-24",
                "measures": [],
                "instruments": [],
                "urgency": "",
                "deadline": "",
            },
            "version": 0,
            "drafter": ana.id,
            "people": sorted([ana.id, bea.id], key=str),
            "opened_at": now,
            "saved_at": None,
            "turn": None,
            "attested": None,
            "consultations": [],
        }
        circle = Circle.objects.get(id=draft.circle)
        assert (circle.kind, circle.case_id, circle.opener_id) == ("drafting", case, ana.id)
        assert circle.audit_event_id == draft.row.audit_event_id

    def test_tells_the_log_of_the_requesting_state_alone(self, draft):
        (event,) = log.payloads_of("requests.request.opened")
        assert event["states"] == ["SV"]

    def test_may_leave_open_whom_it_is_for(self, opened, ana):
        draft = opened(requested_state="")
        assert draft.shape(ana)["requested_state"] == ""

    @pytest.mark.parametrize("state", ["SV", "ZZ"])
    def test_is_for_another_state_that_the_rulebook_knows(self, opened, recorded, state):
        with recorded(), pytest.raises(DisclosedRefused) as refused:
            opened(requested_state=state)
        assert refused.value.params == {"fields": ["requested_state"]}
        assert not Request.objects.exists()

    def test_answers_a_retry_with_the_same_request(self, opened, bea, recorded):
        client_id = uuid4()
        first = opened(bea, client_id=client_id)
        with recorded():
            assert opened(bea, client_id=client_id).id == first.id
        assert Request.objects.count() == 1

    def test_refuses_a_client_id_that_comes_back_with_another_request(
        self, opened, bea, region, ana, recorded
    ):
        client_id = uuid4()
        opened(bea, client_id=client_id)
        others = [{"requested_state": ""}, {"people": []}, {"case": region.case(ana)}]
        for other in others:
            with recorded(), pytest.raises(Refused, match="id-reused"):
                opened(*[] if "people" in other else [bea], client_id=client_id, **other)

    def test_refuses_a_client_id_that_opened_a_thread(self, opened, ana, case, acting, recorded):
        client_id = uuid4()
        acting(cases_services.open_thread, ana, case=case, client_id=client_id, people=[])
        with recorded(), pytest.raises(Refused, match="id-reused"):
            opened(client_id=client_id)
        assert not Request.objects.exists()

    def test_keeps_people_of_other_states_out(self, opened, boris, recorded):
        with recorded(), pytest.raises(Refused, match="draft-own-state"):
            opened(boris)

    @pytest.mark.parametrize("why", ["outside the case", "nobody"])
    def test_hides_people_who_are_not_in_the_case(self, opened, region, recorded, why):
        person = uuid4() if why == "nobody" else region.equipped("SV").id
        with recorded(), pytest.raises(NotVisible):
            opened(people=[person])

    def test_keeps_people_out_whose_designation_is_over(self, opened, bea, now, recorded):
        Person.objects.filter(id=bea.id).update(suspended_at=now)
        with recorded(), pytest.raises(Refused, match="person-unknown"):
            opened(bea)

    def test_hides_the_case_from_an_outsider(self, opened, region, case, recorded):
        stranger = region.equipped("SV")
        for target in (case, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                opened(by=stranger, case=target)

    def test_may_be_begun_by_each_state_of_a_case_unseen_by_the_other(self, opened, ana, boris):
        mine = opened()
        theirs = opened(by=boris, requested_state="SV")
        assert theirs.row.requesting_state == "MX"
        listed = {
            who.id: [r["id"] for r in queries.requests_for(who.actor, mine.now)]
            for who in (ana, boris)
        }
        assert listed == {ana.id: [mine.id], boris.id: [theirs.id]}


class TestListing:
    def test_has_the_drafts_one_reads_newest_first(self, opened, ana, bea, acting, case, now):
        drafts = [
            acting(
                services.open_request,
                ana,
                at=now + timedelta(minutes=minute),
                client_id=uuid4(),
                case=case,
                people=[bea.id] if minute == 1 else [],
                requested_state="",
            )
            for minute in range(3)
        ]
        assert [r["id"] for r in queries.requests_for(ana.actor, now)] == drafts[::-1]
        assert [r["id"] for r in queries.requests_for(bea.actor, now)] == [drafts[1]]

    def test_takes_as_many_statements_for_many_as_for_one(
        self, opened, bea, ana, now, django_assert_num_queries
    ):
        for count in (1, 3):
            while Request.objects.count() < count:
                draft = opened(bea)
                draft.take(ana)
                draft.save(ana)
                draft.attest(ana)
            with django_assert_num_queries(5):  # readers, turns, what was attested and asked
                assert len(queries.requests_for(ana.actor, now)) == count


class TestReadRequest:
    def test_is_logged(self, draft, bea, acting, recorded):
        with recorded("requests.request.read"):
            acting(services.read_request, bea, request_id=draft.id)
        (event,) = log.payloads_of("requests.request.read")
        assert (event["states"], event["payload"]) == (["SV"], {"request": str(draft.id)})

    def test_hides_a_foreign_request_like_none(self, draft, region, boris, acting, recorded):
        for who in (boris, region.equipped("SV")):
            for target in (draft.id, uuid4()):
                with recorded(), pytest.raises(NotVisible):
                    acting(services.read_request, who, request_id=target)


class TestCase:
    def test_shows_a_draft_to_its_readers_beside_the_threads(
        self, draft, case, ana, bea, boris, now
    ):
        for who in (ana, bea):
            shape = cases.shape_for(who.actor, case, now=now)
            assert shape["threads"] == []
            assert shape["drafts"] == [
                {
                    "circle": draft.circle,
                    "opened_at": draft.now,
                    "people": sorted([ana.id, bea.id], key=str),
                }
            ]
        assert cases.shape_for(boris.actor, case, now=now)["drafts"] == []

    def test_that_loses_a_person_loses_them_from_its_drafts(
        self, draft, case, ana, bea, acting, recorded
    ):
        draft.take(bea)
        with recorded("cases.person.removed"):
            acting(cases_services.remove_person, ana, case=case, person=bea.id)
        assert draft.shape(ana)["people"] == [ana.id]
        assert draft.shape(ana)["turn"] is None
        draft.take(ana)
        with pytest.raises(NotVisible):
            draft.shape(bea)

    def test_does_not_let_people_into_a_draft_or_out_of_it(
        self, draft, region, case, ana, bea, acting, recorded
    ):
        circle = draft.circle
        newcomer = region.equipped("SV")
        asked = [
            (cases_services.add_reader, {"circle": circle, "client_id": uuid4(), "person": bea.id}),
            (cases_services.remove_reader, {"circle": circle, "person": bea.id}),
            (
                cases_services.add_person,
                {"case": case, "client_id": uuid4(), "person": newcomer.id, "circles": [circle]},
            ),
        ]
        for service, arguments in asked:
            with recorded(), pytest.raises(Refused, match="draft-follows-request"):
                acting(service, ana, **arguments)
        assert draft.shape(ana)["people"] == sorted([ana.id, bea.id], key=str)

    def test_says_that_a_draft_concerns_one_state_only(self, draft, case, ana, boris, region):
        thread = region.thread(ana, boris, case=case)
        assert cases.states_of([draft.circle, thread]) == {
            draft.circle: ("SV",),
            thread: ("MX", "SV"),
        }
