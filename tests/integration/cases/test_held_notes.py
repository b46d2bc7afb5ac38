"""A legal hold on a note: lifted by its State's office; the case behind it is told to nobody."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from casehub.cases import limits, services
from casehub.cases import sweeping as case_rounds
from casehub.cases.circles import let_in
from casehub.cases.models import Case, Erasure, Hold
from casehub.cases.queries import keeping
from casehub.core.errors import DomainError
from casehub.notes import queries as notes
from casehub.notes.models import Note
from tests.integration.cases.keepings import YEARS, asked_to_lift, hold_on, lifted
from tests.integration.leaning import misleading_rows
from tests.integration.notes.made import note_to


@pytest.fixture
def case(region, ana, boris):
    return region.case(ana, boris)


@pytest.fixture
def reader(region):
    """A coordinator of Guatemala to whom the note was sent."""
    return region.equipped("GT", "coordinator")


@pytest.fixture
def note(region, ana, reader, case, now):
    focal = region.equipped("GT")
    circle = Note.objects.get(id=note_to(region, ana, focal, case=case)).circle_id
    let_in([circle], [reader.id], act=0, now=now)
    return circle


@pytest.fixture
def second(region):
    """A coordinator of Guatemala to whom it was not."""
    return region.person("GT", "coordinator")


def held(note, by, now):
    said = {"circle": note, "client_id": uuid4(), "ground": "other"}
    return Hold.objects.get(id=services.hold_note(actor=by.actor, now=now, **said))


def refusal(act, **said):
    try:
        act(**said)
    except DomainError as error:
        return error.code
    return "done"


class TestItsLifting:
    @pytest.fixture
    def asked(self, note, reader, now):
        return asked_to_lift(reader, held(note, reader, now), now=now)

    @pytest.mark.parametrize("office", ["coordinator", "central-authority"])
    def test_takes_a_second_person_of_the_state_who_reads_no_note(
        self, region, note, asked, now, office
    ):
        by = region.person("GT", office)
        (told,) = keeping.keeping_for(by.actor, office=False, now=now)["notes"]
        assert (told["id"], told["circle"]) == (asked.id, note)
        assert keeping.hands_wanted(by.actor, now=now) == [now + limits.SECOND_HAND]
        lifted(asked, by, now=now)
        assert keeping.keeping_for(by.actor, now=now)["notes"] == []
        assert misleading_rows(0) == []

    def test_is_told_to_no_other_state(self, region, asked, ana, now):
        for by in (region.seat("SV").coordinator, region.person("MX", "coordinator"), ana):
            assert keeping.keeping_for(by.actor, now=now)["notes"] == []
            digest = keeping.digest_of_lift(asked)
            said = {"hold": asked.id, "digest": digest, "actor": by.actor, "now": now}
            assert refusal(services.agree_to_lift, **said) == "not-found"

    def test_is_told_without_the_case(self, region, asked, case, second, now):
        told = keeping.keeping_for(second.actor, now=now)
        assert str(case) not in str(told)
        assert Case.objects.get(id=case).reference not in str(told)

    def test_is_told_before_it_is_asked_for_only_to_whoever_looks(self, note, reader, second, now):
        held(note, reader, now)
        assert keeping.keeping_for(second.actor, office=False, now=now)["notes"] == []
        assert len(keeping.keeping_for(second.actor, now=now)["notes"]) == 1

    def test_moves_no_date_of_the_case_and_leaves_the_note_three_days(
        self, ana, note, reader, second, case, now
    ):
        services.close_case(case=case, actor=ana.actor, now=now)
        late = now + YEARS
        asked = asked_to_lift(reader, held(note, reader, now), now=late)
        lifted(asked, second, now=late)
        assert Case.objects.get(id=case).not_before is None
        (told,) = notes.notes_for(reader.actor)
        assert told["delete_at"] == late + limits.NOTICE
        assert case_rounds.sweep(late) == 1
        assert not Erasure.objects.filter(circle=note).exists()
        assert case_rounds.sweep(late + timedelta(days=2)) == 0
        assert case_rounds.sweep(late + limits.NOTICE) == 1
        assert Erasure.objects.filter(circle=note).exists()


class TestACaseThatItsStateHasJoinedSince:
    @pytest.fixture(autouse=True)
    def _joined(self, note, case):
        found = Case.objects.get(id=case)
        Case.objects.filter(id=case).update(states=f"{found.states},GT")

    def test_is_not_given_away_by_whether_the_note_can_be_held(self, note, reader, now):
        assert held(note, reader, now).circle_id == note

    def test_is_not_named_to_whoever_read_the_note_alone(self, ana, note, reader, case, now):
        services.close_case(case=case, actor=ana.actor, now=now)
        case_rounds.sweep(now + YEARS)
        (told,) = keeping.keeping_for(reader.actor, office=False, now=now + YEARS)["erased"]
        assert (told["kind"], told["case"]) == ("note", None)
        mine = keeping.keeping_for(ana.actor, now=now + YEARS)["erased"]
        assert {one["case"] for one in mine} == {case}


def test_the_state_that_sent_it_holds_its_case_instead(region, note, case, now):
    by = region.equipped("SV", "coordinator")
    let_in([note], [by.id], act=0, now=now)
    said = {"circle": note, "client_id": uuid4(), "ground": "other"}
    assert refusal(services.hold_note, actor=by.actor, now=now, **said) == "not-found"
    assert keeping.held_among([note]) == set()
    assert hold_on(by, case, now=now).circle_id is None
    assert keeping.held_among([note]) == {note}
