"""What those who verify would not believe is refused before anybody signs it, and by its reason."""

from __future__ import annotations

import pytest

from casehub.core.errors import Refused
from casehub.designations.models import Consultation, Designation
from casehub.directory import queries as directory
from casehub.directory import services
from casehub.directory.statements import make
from tests.factories import stamp
from tests.integration.designations.lives import DAY
from tests.integration.designations.test_binding import much_later, renew
from tests.integration.designations.test_drafting_terms import draft_again

pytestmark = pytest.mark.django_db


def forget_answers():
    """Leave nothing of what agencies said but that they said nothing."""
    Consultation.objects.update(outcome="no-answer")


def refused_nomination(life, code):
    """See that a nomination is refused, and leaves the draft where it was."""
    before = life.row
    with pytest.raises(Refused, match=f"^{code}$"):
        life.nominate()
    assert (life.row.stage, life.row.body) == (before.stage, before.body)


class TestANomination:
    def test_without_an_answer_of_another_agency_is_refused(self, life):
        life.consulted()
        forget_answers()
        refused_nomination(life, "consultation-missing")
        life.change()
        life.answer(life.ask("interior"))
        life.close()
        life.nominate()
        life.approve(life.one)
        life.approve(life.two)
        assert life.stage == "approved"

    def test_of_an_urgent_term_needs_none(self, life):
        life.consulted(urgent=True, until=life.now + 6 * DAY)
        forget_answers()
        life.nominate()
        life.approve(life.one)
        life.approve(life.two)
        assert life.stage == "approved"

    def test_of_a_first_term_that_is_too_long_is_refused(self, life, monkeypatch):
        monkeypatch.setattr("casehub.designations.limits.LONGEST_FIRST", 366 * DAY)
        life.consulted(until=life.now + 190 * DAY)
        refused_nomination(life, "first-term-too-long")

    def test_of_a_term_that_is_too_long_is_refused(self, life, monkeypatch):
        monkeypatch.setattr("casehub.designations.limits.LONGEST", 400 * DAY)
        life.consulted(roles=["coordinator"], until=life.now + 390 * DAY)
        monkeypatch.undo()
        refused_nomination(life, "term-too-long")

    def test_of_an_officer_in_force_is_refused(self, life):
        life.consulted()
        Designation.objects.filter(id=life.designation).update(person=life.two.person)
        refused_nomination(life, "roles-incompatible")

    def test_of_somebody_who_was_removed_meanwhile_is_refused(self, life):
        renew(much_later(life.active()))
        fields = {
            "serial": "6d1f4f0e-1c1b-4d5e-9d65-2f6a8a3e1a11",
            "issued": stamp(life.now),
            "state": life.state,
            "person": str(life.row.person),
            "device": None,
            "kind": "removed",
            "reason": "left-office",
        }
        statement = make("revocation", fields, [life.one.key])
        services.enter_statement(statement=statement, actor=life.one.actor, now=life.now)
        refused_nomination(life, "person-removed")

    def test_that_would_count_is_not_asked_for_the_hands_that_are_to_come(self, life):
        life.consulted()
        assert life.nominate() is None
        assert life.stage == "nominated"

    def test_is_refused_at_its_last_hand_by_the_same_words(self, life, monkeypatch):
        life.consulted()
        forget_answers()
        with monkeypatch.context() as unasked:
            unasked.setattr(directory, "why_never", lambda *_, **__: None)
            life.nominate()
        life.approve(life.one)
        with pytest.raises(Refused, match="consultation-missing"):
            life.approve(life.two)
        assert life.stage == "ministry-1"


class TestARenewal:
    def test_of_whom_no_agency_has_answered_about_begins_by_asking(self, life):
        life.active()
        forget_answers()
        renew(much_later(life))
        assert life.stage == "draft"
        life.answer(life.ask())
        life.close()
        life.nominate()
        life.approve(life.one)
        assert life.stage == "approved"

    def test_of_an_urgent_term_goes_on_from_what_the_agencies_said_in_time(self, life):
        life.active(urgent=True, until=life.now + 6 * DAY)
        life.now += 5 * DAY
        life.region.now = life.now
        draft_again(life)
        assert life.stage == "consulted"
