"""First-line information: who may be told, what they see, and what may be said of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from audit import queries as log
from casehub.cases import queries as cases
from casehub.cases import services as cases_services
from casehub.core.errors import DomainError, NotVisible
from casehub.directory.models import Person, State
from casehub.notes import queries, services
from casehub.notes.models import Note
from tests.carrying import carrying, let_go
from tests.integration.leaning import misleading_rows
from tests.integration.notes.made import note_to


@pytest.fixture
def ana(region):
    return region.equipped("SV")


@pytest.fixture
def boris(region):
    return region.equipped("GT")


@pytest.fixture
def case(region, ana):
    return region.case(ana)


@pytest.fixture
def note(region, ana, boris, case):
    return note_to(region, ana, boris, case=case)


@pytest.fixture
def doing(region):
    """Return `do(service, by, note, ...)`: its refusal, or "done"."""

    def do(service, by, note, **said):
        try:
            service(note=note, actor=by.actor, now=region.now, **said)
        except DomainError as error:
            return error.code
        return "done"

    return do


def send(region, by, case, state, *people):
    """Return how a note is refused, or "sent"."""
    try:
        services.send_note(
            case=case,
            client_id=uuid4(),
            state=state,
            people=[one.id for one in people],
            actor=by.actor,
            now=region.now,
        )
    except DomainError as error:
        return error.code
    return "sent"


class TestANote:
    def test_is_logged_for_both_states_without_the_case(self, region, ana, boris, case, recorded):
        with recorded("notes.note.sent"):
            note = note_to(region, ana, boris, case=case)
        (event,) = log.payloads_of("notes.note.sent")
        assert set(event["payload"]) == {"first_line", "circle", "state", "people"}
        assert event["payload"]["people"] == [boris.person]
        assert str(case) not in str(event)
        assert misleading_rows(0) == []
        circle = Note.objects.get(id=note).circle_id
        assert cases.states_of([circle])[circle] == ("GT", "SV")

    def test_is_read_by_its_sender_and_whom_it_was_sent_to_alone(self, region, ana, boris, note):
        circle = Note.objects.get(id=note).circle_id
        readers = cases.readers_of([circle])[circle]
        assert {str(one) for one in readers} == {ana.person, boris.person}
        assert [row["id"] for row in queries.notes_for(boris.actor)] == [note]
        for other in (region.person("GT"), region.person("SV"), region.person("MX")):
            assert queries.notes_for(other.actor) == []
            with pytest.raises(NotVisible):
                queries.note_for(other.actor, note)

    def test_shows_nothing_of_the_case_to_whom_it_was_sent(self, region, ana, boris, case, note):
        (received,) = queries.notes_for(boris.actor)
        (sent,) = queries.notes_for(ana.actor)
        assert (received["case"], sent["case"]) == (None, case)
        assert cases.cases_for(boris.actor, now=region.now) == []
        with pytest.raises(NotVisible):
            cases_services.read_case(case=case, actor=boris.actor, now=region.now)

    def test_is_no_thread_of_the_case(self, region, ana, note):
        (found,) = cases.cases_for(ana.actor, now=region.now)
        assert (found["threads"], found["drafts"]) == ([], [])

    def test_lets_nobody_else_in_later(self, region, ana, case, note):
        circle = Note.objects.get(id=note).circle_id
        colleague = region.equipped("SV")
        acting = {"actor": ana.actor, "now": region.now}
        cases_services.add_person(
            case=case, client_id=uuid4(), person=colleague.id, circles=[], **acting
        )
        with pytest.raises(DomainError, match="note-readers"):
            cases_services.add_reader(
                circle=circle, client_id=uuid4(), person=colleague.id, **acting
            )

    def test_sent_twice_under_one_id_is_one(self, region, ana, boris, case):
        wish = {"case": case, "client_id": uuid4(), "state": "GT", "people": [boris.id]}
        acting = {"actor": ana.actor, "now": region.now}
        first, again = (services.send_note(**wish, **acting) for _ in range(2))
        assert first == again
        with pytest.raises(DomainError, match="id-reused"):
            services.send_note(**(wish | {"people": [region.person("GT").id]}), **acting)


class TestWhoeverLeavesTheCase:
    def test_leaves_what_they_sent_from_it_and_nobody_else_of_the_case_learns_of_it(
        self, region, ana, boris, case, monkeypatch
    ):
        colleague = region.equipped("SV")
        acting = {"actor": ana.actor, "now": region.now}
        cases_services.add_person(
            case=case, client_id=uuid4(), person=colleague.id, circles=[], **acting
        )
        note = note_to(region, colleague, boris, case=case)
        circle = Note.objects.get(id=note).circle_id
        rung = []
        monkeypatch.setattr("casehub.cases.notify.ring", lambda group, _: rung.append(group))
        cases_services.remove_person(case=case, person=colleague.id, **acting)
        assert {str(one) for one in cases.readers_of([circle])[circle]} == {boris.person}
        (event,) = log.payloads_of("cases.person.removed")
        assert str(circle) not in str(event)
        assert f"person.{boris.person}" in rung


class TestWhoMayBeTold:
    def test_are_focal_points_in_force_of_a_state_that_is_not_in_the_case(
        self, region, ana, boris, case
    ):
        assert send(region, ana, case, "GT", region.person("MX")) == "note-person"
        assert send(region, ana, case, "GT", region.person("GT", "ministry")) == "note-person"
        assert send(region, ana, case, "SV", region.person("SV")) == "note-state-in"
        with carrying(region, "signatory"):
            other = region.person("GT")
        assert send(region, ana, case, "GT", other) == "note-person"
        assert send(region, ana, case, "GT", boris) == "sent"

    def test_is_nobody_any_more_whose_function_is_gone(self, region, ana, boris, case):
        note = Note.objects.get(id=note_to(region, ana, boris, case=case))
        let_go(boris, "signatory")
        assert send(region, ana, case, "GT", boris) == "note-person"
        assert cases.readers_of([note.circle_id])[note.circle_id] == {ana.id}
        assert queries.notes_for(boris.actor) == []

    def test_is_nobody_of_a_state_without_any(self, region, ana, boris, case):
        Person.objects.filter(state_id="GT").update(valid_until=region.now)
        assert send(region, ana, case, "GT", boris) == "note-nobody"

    def test_is_nobody_of_a_stopped_state(self, region, ana, boris, case, doing, note):
        State.objects.filter(code="GT").update(stopped_at=region.now)
        assert send(region, ana, case, "GT", boris) == "note-nobody"
        circle = Note.objects.get(id=note).circle_id
        assert {str(one) for one in cases.readers_of([circle])[circle]} == {ana.person}

    def test_is_nobody_who_came_today_and_by_nobody_who_did(self, region, ana, boris, case):
        region.aged("SV", "GT")
        region.now += timedelta(days=2)
        assert send(region, ana, case, "GT", boris) == "sent"
        assert send(region, ana, case, "GT", region.equipped("GT")) == "person-limited"
        newcomer = region.equipped("SV")
        own = region.case(newcomer)
        assert send(region, newcomer, own, "GT", boris) == "person-limited"

    def test_is_of_a_case_that_one_is_in(self, region, boris, case):
        assert send(region, region.person("SV"), case, "GT", boris) == "not-found"


class TestWhatIsSaidOfIt:
    ACTS = (
        (services.acknowledge_note, "acknowledged", {}),
        (services.decline_note, "declined", {"reason": "other"}),
        (services.use_note, "used", {}),
        (services.lead_by_note, "led", {}),
    )

    @pytest.mark.parametrize(("service", "step", "said"), ACTS, ids=lambda one: str(one)[:20])
    def test_is_an_event_of_both_states_and_seen_by_both(
        self, ana, boris, note, doing, recorded, service, step, said
    ):
        with recorded(f"notes.note.{step}"):
            assert doing(service, boris, note, **said) == "done"
        for one in (ana, boris):
            assert queries.shape_for(one.actor, note)["step"] == step
        assert misleading_rows(0) == []

    def test_is_that_a_case_was_joined_which_only_its_own_state_is_told(
        self, region, ana, boris, note, doing, recorded
    ):
        theirs = region.case(boris)
        with recorded("notes.note.joined"):
            assert doing(services.join_by_note, boris, note, case=theirs) == "done"
        (event,) = log.payloads_of("notes.note.joined")
        assert str(theirs) not in str(event)
        assert queries.shape_for(boris.actor, note)["case"] == theirs
        assert queries.shape_for(ana.actor, note)["case"] != theirs

    def test_names_the_case_to_whom_of_that_state_is_in_it(self, region, ana, boris, doing):
        beto = region.equipped("GT")
        note = note_to(region, ana, boris, beto)
        assert doing(services.join_by_note, boris, note, case=region.case(boris)) == "done"
        assert queries.shape_for(beto.actor, note)["step"] == "joined"
        assert queries.shape_for(beto.actor, note)["case"] is None

    def test_names_no_case_that_one_is_not_in(self, boris, note, case, doing):
        assert doing(services.join_by_note, boris, note, case=case) == "not-found"

    @pytest.mark.parametrize(("service", "step", "said"), ACTS, ids=lambda one: str(one)[:20])
    def test_is_for_the_state_that_was_told_and_once(
        self, ana, boris, note, doing, service, step, said
    ):
        assert doing(service, ana, note, **said) == "note-not-yours"
        again = "note-over" if step == "declined" else "note-done"
        assert [doing(service, boris, note, **said) for _ in range(2)] == ["done", again]

    def test_ends_with_a_refusal_and_is_not_refused_after_use(
        self, region, ana, boris, case, note, doing
    ):
        assert doing(services.decline_note, boris, note, reason="other") == "done"
        assert doing(services.use_note, boris, note) == "note-over"
        other = note_to(region, ana, boris, case=case)
        assert doing(services.use_note, boris, other) == "done"
        assert doing(services.decline_note, boris, other, reason="other") == "note-over"
        assert doing(services.lead_by_note, boris, other) == "done"


class TestTheTally:
    def test_counts_what_was_said_by_when_it_was(self, region, ana, boris, case, doing):
        notes = [note_to(region, ana, boris, case=case) for _ in range(3)]
        doing(services.acknowledge_note, boris, notes[0])
        doing(services.decline_note, boris, notes[1], reason="other")
        day, first = timedelta(days=1), region.now
        region.now += day
        doing(services.use_note, boris, notes[0])
        none = dict.fromkeys(queries.WHEN, 0)

        def tally(since, until):
            found = queries.tally(since, until)
            assert {state for kept in found.values() for states in kept for state in states} <= {
                "SV",
                "GT",
            }
            return {step: len(kept) for step, kept in found.items()}

        found = tally(first, region.now)
        assert found == none | {"sent": 3, "acknowledged": 1, "declined": 1}
        assert tally(region.now, region.now + day) == none | {"used": 1}
