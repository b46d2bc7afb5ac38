"""Who reads a draft: let in and shut out by its readers."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from audit import queries as log
from casehub.cases import services as cases
from casehub.cases.models import Reader
from casehub.core.errors import NotVisible, Refused
from casehub.directory.models import Person
from requests_mla import queries, services
from requests_mla.models import Request
from requests_mla.states import WRITTEN_ON, Stage
from tests.integration.requests_mla.consulting import ask


@pytest.fixture
def letting_in(draft, acting):
    def call(by, whom):
        acting(services.add_reader, by, request_id=draft.id, client_id=uuid4(), person=whom)

    return call


@pytest.fixture
def shutting_out(draft, acting):
    def call(by, whom):
        acting(services.remove_reader, by, request_id=draft.id, person=whom)

    return call


@pytest.fixture
def newcomer(region, case, ana, now):
    someone = region.equipped("SV")
    cases.add_person(
        case=case, client_id=uuid4(), person=someone.id, circles=[], actor=ana.actor, now=now
    )
    return someone


class TestAddReader:
    def test_lets_a_person_of_the_case_and_state_in(
        self, draft, ana, bea, newcomer, letting_in, recorded
    ):
        with recorded("requests.reader.added"):
            letting_in(bea, newcomer.id)
        assert newcomer.id in draft.shape(newcomer)["people"]
        place = Reader.objects.get(circle_id=draft.circle, person_id=newcomer.id)
        assert place.act == draft.row.audit_event_id

    def test_tells_the_log_of_the_requesting_state_alone(self, draft, ana, newcomer, letting_in):
        letting_in(ana, newcomer.id)
        (event,) = log.payloads_of("requests.reader.added")
        assert event["states"] == ["SV"]

    def test_a_second_time_changes_nothing(self, ana, bea, letting_in, recorded):
        with recorded(), pytest.raises(Refused, match="already-in"):
            letting_in(ana, bea.id)

    @pytest.mark.parametrize("stage", sorted(set(Stage) - set(WRITTEN_ON)))
    def test_opens_no_request_that_left_the_desk(
        self, draft, ana, newcomer, letting_in, recorded, stage
    ):
        Request.objects.update(stage=stage)
        with recorded(), pytest.raises(Refused, match="stage-closed"):
            letting_in(ana, newcomer.id)
        assert newcomer.id not in draft.shape(ana)["people"]

    def test_keeps_people_of_other_states_out(self, ana, boris, letting_in, recorded):
        with recorded(), pytest.raises(Refused, match="draft-own-state"):
            letting_in(ana, boris.id)

    def test_keeps_a_person_out_for_a_day_after_their_new_key(
        self, region, ana, newcomer, letting_in, recorded
    ):
        region.rekeyed(newcomer)
        with recorded(), pytest.raises(Refused, match="person-limited"):
            letting_in(ana, newcomer.id)

    def test_begins_no_draft_for_somebody_with_a_new_key(self, region, ana, case, now, recorded):
        region.rekeyed(ana)
        with recorded(), pytest.raises(Refused, match="person-limited"):
            services.open_request(
                client_id=uuid4(),
                case=case,
                people=[],
                requested_state="MX",
                actor=ana.actor,
                now=now,
            )

    def test_hides_people_who_are_not_in_the_case(self, region, ana, letting_in, recorded):
        for person in (region.equipped("SV").id, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                letting_in(ana, person)

    def test_is_for_readers(self, newcomer, boris, letting_in, recorded):
        for who in (newcomer, boris):
            with recorded(), pytest.raises(NotVisible):
                letting_in(who, newcomer.id)


class TestRemoveReader:
    def test_hides_the_draft_and_leaves_the_case(
        self, draft, ana, bea, case, shutting_out, recorded
    ):
        with recorded("requests.reader.removed"):
            shutting_out(ana, bea.id)
        assert draft.shape(ana)["people"] == [ana.id]
        with pytest.raises(NotVisible):
            draft.shape(bea)
        place = Reader.objects.get(circle_id=draft.circle, person_id=bea.id)
        assert (place.until, place.act) == (draft.now, draft.row.audit_event_id)
        assert Reader.objects.filter(person_id=bea.id, until=None, circle__case=case).exists()

    def test_ends_their_turn(self, draft, ana, bea, letting_in, shutting_out):
        draft.take(bea)
        shutting_out(ana, bea.id)
        draft.take(ana)
        letting_in(ana, bea.id)
        assert draft.shape(bea)["turn"]["person"] == ana.id

    def test_gives_no_turn_back_with_their_return(self, draft, ana, bea, letting_in, shutting_out):
        draft.take(bea)
        shutting_out(ana, bea.id)
        assert draft.row.turns.get().ended_at == draft.now
        letting_in(ana, bea.id)
        assert draft.shape(bea)["turn"] is None

    def test_through_the_case_gives_no_turn_back_either(
        self, draft, case, ana, bea, acting, letting_in
    ):
        draft.take(bea)
        acting(cases.remove_person, ana, case=case, person=bea.id)
        assert draft.shape(ana)["turn"] is None
        usual = {"client_id": uuid4(), "person": bea.id, "circles": []}
        acting(cases.add_person, ana, case=case, **usual)
        letting_in(ana, bea.id)
        assert draft.shape(bea)["turn"] is None

    def test_may_be_oneself(self, draft, ana, bea, shutting_out):
        shutting_out(bea, bea.id)
        assert draft.shape(ana)["people"] == [ana.id]

    def test_never_is_whoever_began_it(self, ana, bea, shutting_out, recorded):
        for by in (ana, bea):
            with recorded(), pytest.raises(Refused, match="drafter-stays"):
                shutting_out(by, ana.id)

    def test_hides_whether_a_person_is_known_who_does_not_read_it(
        self, ana, boris, shutting_out, recorded
    ):
        for person in (boris.id, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                shutting_out(ana, person)

    def test_is_for_readers(self, boris, bea, shutting_out, recorded):
        with recorded(), pytest.raises(NotVisible):
            shutting_out(boris, bea.id)


class TestWhoeverReadItAndIsOfTheCentralAuthorityNow:
    @pytest.fixture
    def officer(self, bea):
        def give():
            roles = frozenset({"central-authority"})
            Person.objects.filter(id=bea.id).update(roles=",".join(roles), functions="")
            return replace(bea, roles=roles, functions=frozenset())

        return give

    def test_sees_the_draft_no_more_nor_that_there_is_one(self, ready, now, officer):
        actor = officer().actor
        assert queries.dossiers_for(actor) == queries.requests_for(actor, now) == []
        with pytest.raises(NotVisible):
            queries.dossier_for(actor, ready.request)
        with pytest.raises(NotVisible):
            queries.request_for(actor, ready.request)

    def test_sees_what_was_authorised_as_the_others_of_it(self, ready, now, bea, officer):
        ready.move(bea, "authorise")
        actor = officer().actor
        assert [one["id"] for one in queries.dossiers_for(actor)] == [ready.request]
        assert queries.requests_for(actor, now) == []
        with pytest.raises(NotVisible):
            queries.request_for(actor, ready.request)

    def test_reads_no_answer_to_what_was_asked_informally(self, region, draft, ana, focal):
        region.session(ana)
        draft.take(ana)
        draft.save(ana)
        draft.attest(ana)
        asked = ask(draft.id, ana, focal, now=draft.now)
        Person.objects.filter(id=focal.id).update(roles="central-authority")
        actor = replace(focal, roles=frozenset({"central-authority"})).actor
        assert queries.consultations_for(actor) == []
        with pytest.raises(NotVisible):
            queries.consultation_for(actor, asked)
