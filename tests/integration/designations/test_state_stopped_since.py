"""A State that was stopped: what its people signed before it counts no more, lifted or not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casehub.core.errors import Refused
from casehub.designations.queries import reading, stopped
from casehub.designations.services import binding
from casehub.directory import services as directory
from casehub.directory.models import Person
from tests.factories import stamp
from tests.integration.designations.lives import countersigned

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as error:
        act(*args, **kwargs)
    return error.value.code


def stop(life, code="SV", by=None):
    """Stop a State without a signature, of which browsers know nothing."""
    by = by or life.coordinator
    return directory.stop_state(code=code, **life.acting(by))


def lift(life, found):
    """Lift it by two people a minute later, and go on a minute after that."""
    life.now += MINUTE
    for by in (life.coordinator, life.one):
        directory.lift_state(code="SV", stop=found.id, **life.acting(by))
    life.now += MINUTE


def lapse(life, found):
    """Let the hour of a stop by one person be over, and go on."""
    life.now += HOUR
    assert directory.lift_unconfirmed(now=life.now) == 1
    life.now += MINUTE


ENDS = pytest.mark.parametrize("end", [lift, lapse])


class TestAHandBeforeTheStopOfItsState:
    @ENDS
    def test_is_none_under_a_nomination_and_neither_is_that(self, life, end):
        life.nominated().approve(life.one)
        life.now += MINUTE
        end(life, stop(life))
        assert refused(life.approve, life.two) == "first-hand-void"
        assert life.stage == "ministry-1"

    def test_is_shown_as_void_and_why(self, life):
        life.nominated().approve(life.one)
        life.now += MINUTE
        lift(life, stop(life))
        found = reading.read_designation(life.two.actor, life.designation, now=life.now)
        assert found["nomination_void"] == "signer-gone"
        assert [one["void"] for one in found["approvals"]] == ["signer-gone"]

    def test_is_given_anew_once_it_is_nominated_anew(self, life):
        life.nominated().approve(life.one)
        life.now += MINUTE
        lift(life, stop(life))
        life.nominate()
        life.approve(life.one)
        life.approve(life.two)
        assert life.stage == "approved"

    def test_is_a_hand_still_if_another_state_was_stopped(self, life):
        life.nominated().approve(life.one)
        life.now += MINUTE
        stop(life, "GT", by=life.region.seat("GT").coordinator)
        life.approve(life.two)
        assert life.stage == "approved"

    @ENDS
    def test_begins_no_reinstatement_until_it_is_begun_anew(self, life, end):
        life.active()
        directory.suspend_person(person=life.row.person, **life.acting(life.two))
        statement = life.reinstatement(life.coordinator)
        life.reinstate(life.coordinator, statement)
        life.now += MINUTE
        end(life, stop(life))
        again = countersigned(statement, life.one)
        assert refused(life.reinstate, life.one, again) == "first-hand-void"
        shown = stopped.reinstatement_of(life.one.actor, life.row.person, now=life.now)
        assert (shown["first"], shown["void"]["why"]) == (None, "signer-gone")
        statement = life.reinstatement(life.coordinator)
        life.reinstate(life.coordinator, statement)
        life.reinstate(life.one, countersigned(statement, life.one))
        assert life.stage == "active"

    def test_cannot_be_dated_back_to_before_it(self, life):
        life.consulted()
        before = stamp(life.now)
        life.now += MINUTE
        lift(life, stop(life))
        assert refused(life.nominate, issued=before) == "nomination-stale"
        life.nominate()
        assert life.stage == "nominated"

    def test_cannot_begin_a_reinstatement_that_is_dated_back_to_before_it(self, life):
        life.active()
        directory.suspend_person(person=life.row.person, **life.acting(life.two))
        before = stamp(life.now)
        life.now += MINUTE
        lift(life, stop(life))
        early = life.reinstatement(life.coordinator, issued=before)
        assert refused(life.reinstate, life.coordinator, early) == "statement-stale"


class TestWhoeverWasStoppedAloneSinceItWasBegun:
    """Reinstated, they still sign what is begun anew: in browsers their hand counts by its date."""

    @staticmethod
    def stopped_for_an_hour(life, person):
        directory.suspend_person(person=person, **life.acting(life.coordinator))
        life.now += HOUR
        Person.objects.filter(id=person).update(suspended_at=None)
        directory.end_stops(person=person, now=life.now)

    def test_is_no_second_hand_under_a_nomination(self, life):
        life.nominated().approve(life.one)
        life.now += MINUTE
        self.stopped_for_an_hour(life, life.two.id)
        assert refused(life.approve, life.two) == "first-hand-void"
        life.nominate()
        life.approve(life.one)
        life.approve(life.two)
        assert life.stage == "approved"

    def test_is_no_second_hand_under_a_reinstatement(self, life):
        life.active()
        directory.suspend_person(person=life.row.person, **life.acting(life.two))
        statement = life.reinstatement(life.coordinator)
        life.reinstate(life.coordinator, statement)
        life.now += MINUTE
        self.stopped_for_an_hour(life, life.one.id)
        again = countersigned(statement, life.one)
        assert refused(life.reinstate, life.one, again) == "first-hand-void"
        life.reinstate(life.two, countersigned(statement, life.two))
        assert life.stage == "active"


def test_the_words_of_a_second_are_held_with_the_first(life, monkeypatch):
    """Whoever completes a hand holds the State and all whose hands are in it, in one order."""
    held = []
    monkeypatch.setattr(binding.directory, "hold_hands", lambda _, people: held.extend(people))
    life.nominated().approve(life.one)
    held.clear()
    life.approve(life.two)
    assert set(held) == {life.coordinator.id, life.one.id, life.two.id}
