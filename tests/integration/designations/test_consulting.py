"""Asking the agencies: who has to answer, by when, and that no objection gets lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casehub.core.errors import Refused
from casehub.designations import services
from casehub.designations.queries import reading, saying
from casehub.designations.sweeping import sweep
from casehub.directory.models import Notice
from tests.integration.designations.lives import DAY
from tests.integration.designations.test_binding import much_later, renew


def closing(life):
    with pytest.raises(Refused) as error:
        life.close()
    return error.value.code


def looked_at(life):
    """Return the designation as an officer is shown it."""
    return reading.read_designation(life.one.actor, life.designation, now=life.now)


@pytest.fixture
def draft(life):
    life.draft()
    return life


class TestConsulting:
    def test_takes_at_least_one_agency(self, draft):
        assert closing(draft) == "consultation-missing"

    def test_takes_another_than_the_nominating_one(self, draft):
        draft.answer(draft.ask("public-ministry"))
        assert closing(draft) == "consultation-missing"
        draft.answer(draft.ask("migration"))
        draft.close()
        assert draft.stage == "consulted"

    def test_passes_over_nobody_who_may_still_answer(self, draft):
        draft.answer(draft.ask("police"))
        draft.ask("interior")
        assert closing(draft) == "consultation-open"

    def test_waits_ten_working_days_and_says_until_when(self, draft):
        consultation = draft.ask("police")
        shown = reading.read_designation(draft.coordinator.actor, draft.designation, now=draft.now)
        (asked,) = shown["consultations"]
        assert (asked["id"], asked["outcome"]) == (consultation, "")
        # A Tuesday, two weekends; until the tenth day is over in El Salvador, six hours behind UTC.
        assert draft.now == datetime(2026, 11, 24, 15, tzinfo=UTC)
        assert asked["due_at"] == datetime(2026, 12, 9, 6, tzinfo=UTC)

    def test_waits_longer_where_the_state_keeps_days(self, draft):
        draft.now = datetime(2026, 12, 18, 17, tzinfo=UTC)  # a Friday; then Christmas and New Year
        draft.ask("police")
        shown = reading.read_designation(draft.coordinator.actor, draft.designation, now=draft.now)
        (asked,) = shown["consultations"]
        assert asked["due_at"] == datetime(2027, 1, 6, 6, tzinfo=UTC)

    def test_notes_that_nobody_answered_and_goes_on_without(self, draft):
        draft.answer(draft.ask("police"))
        draft.ask("interior")
        draft.now += 15 * DAY
        assert sweep(draft.now) == 1
        assert sweep(draft.now) == 0
        draft.close()
        said = draft.nomination()
        draft.nominate()
        assert said
        outcomes = {
            one["outcome"] for one in saying.fields_of(draft.row, draft.now)["consultation"]
        }
        assert outcomes == {"no-objection", "no-answer"}

    def test_asks_no_agency_twice_at_once(self, draft):
        draft.ask("police")
        with pytest.raises(Refused, match="agency-asked"):
            draft.ask("police")

    def test_lets_go_of_a_question_that_was_noted_in_error(self, draft):
        draft.answer(draft.ask("migration"))
        draft.withdraw(draft.ask("police"))
        draft.close()
        said = saying.fields_of(draft.row, draft.now)["consultation"]
        assert [one["agency_kind"] for one in said] == ["migration"]

    def test_keeps_an_objection(self, draft):
        consultation = draft.ask("police")
        draft.answer(consultation, "objection")
        with pytest.raises(Refused, match="consultation-stays"):
            draft.withdraw(consultation)

    def test_keeps_that_nobody_answered_in_time_before_the_clock_has_noted_it(self, draft):
        consultation = draft.ask("police")
        draft.now += 15 * DAY
        with pytest.raises(Refused, match="consultation-stays"):
            draft.withdraw(consultation)

    def test_takes_no_answer_after_the_date(self, draft):
        consultation = draft.ask("police")
        draft.now += 15 * DAY
        with pytest.raises(Refused, match="consultation-late"):
            draft.answer(consultation)

    def test_takes_one_answer(self, draft):
        consultation = draft.ask("police")
        draft.answer(consultation, "objection")
        with pytest.raises(Refused, match="consultation-answered"):
            draft.answer(consultation)

    def test_takes_no_answer_of_a_day_to_come(self, draft):
        consultation = draft.ask("police")
        with pytest.raises(Refused, match="consultation-outcome"):
            draft.answer(consultation, date=draft.now.date() + DAY)

    def test_is_repeated_when_the_draft_is_about_somebody_else(self, draft):
        draft.answer(draft.ask("police"))
        draft.close()
        draft.change(name="Beto Díaz")
        assert closing(draft) == "consultation-missing"

    def test_stays_when_only_the_post_changes(self, draft):
        draft.answer(draft.ask("police"))
        draft.change(post="Fiscal adjunta")
        draft.close()
        assert draft.stage == "consulted"


class TestAnObjection:
    def test_travels_to_the_ministry_in_what_officers_sign(self, draft):
        draft.answer(draft.ask("police"), "objection")
        draft.answer(draft.ask("migration"))
        draft.close()
        draft.nominate()
        shown = reading.read_designation(draft.one.actor, draft.designation, now=draft.now)
        assert "objection" in shown["flags"]
        assert b'"outcome":"objection"' in bytes(draft.row.body)

    def test_cannot_be_left_out_of_it(self, draft):
        draft.answer(draft.ask("police"), "objection")
        draft.answer(draft.ask("migration"))
        draft.close()
        kept = saying.fields_of(draft.row, draft.now)["consultation"]
        with pytest.raises(Refused, match="nomination-differs"):
            draft.nominate(consultation=[one for one in kept if one["outcome"] != "objection"])

    def test_is_there_again_when_the_draft_says_again_what_it_was_about(self, draft):
        draft.answer(draft.ask("police"), "objection")
        draft.answer(draft.ask("migration"))
        draft.change(name="Beto Díaz")
        draft.change()
        draft.close()
        draft.nominate()
        assert b'"outcome":"objection"' in bytes(draft.row.body)
        assert "objection" in looked_at(draft)["flags"]

    def test_rests_while_the_draft_says_something_else_and_officers_are_shown_it(self, draft):
        draft.answer(draft.ask("police"), "objection")
        draft.change(name="Beto Díaz")
        draft.answer(draft.ask("migration"))
        draft.close()
        draft.nominate()
        assert b'"outcome":"objection"' not in bytes(draft.row.body)
        shown = looked_at(draft)
        (before,) = shown["objected_before"]
        assert "objection-before" in shown["flags"]
        assert (before["agency"], before["name"]) == ("police", "Ana Pérez")
        assert before["roles"] == ["liaison"]

    def test_to_another_role_is_shown_until_that_role_is_asked_for_again(self, draft):
        draft.change(roles=["coordinator", "liaison"])
        draft.answer(draft.ask("police"), "objection")
        draft.change()
        assert [one["roles"] for one in looked_at(draft)["objected_before"]] == [
            ["coordinator", "liaison"]
        ]
        draft.change(roles=["coordinator", "liaison"])
        assert looked_at(draft)["objected_before"] == []
        assert [one["outcome"] for one in looked_at(draft)["consultations"]] == ["objection"]

    def test_that_waited_for_an_answer_is_asked_again_only_of_somebody_else(self, draft):
        question = draft.ask("police")
        draft.change(name="Beto Díaz")
        with pytest.raises(Refused, match="consultation-answered"):
            draft.answer(question, "objection")
        draft.ask("police")
        draft.change()
        with pytest.raises(Refused, match="agency-asked"):
            draft.ask("police")
        draft.answer(question, "objection")
        assert "objection" in looked_at(draft)["flags"]

    def test_to_an_earlier_name_goes_with_a_renewal(self, life):
        life.consulted()
        life.change(name="Ana Pérez Ruiz")
        life.answer(life.ask("interior"), "objection")
        life.change()
        life.close()
        life.nominate()
        life.approve(life.one)
        life.approve(life.two)
        life.enrol(life.code())
        life.offer()
        life.bind()
        old = life.designation
        life.designation = services.renew_designation(
            designation=old, said=life.said(), rekey=False, **life.acting(life.coordinator)
        )
        assert [one["agency"] for one in looked_at(life)["objected_before"]] == ["interior"]

    def test_of_before_it_was_kept_whom_it_was_about_is_about_what_the_draft_said(self, draft):
        draft.answer(draft.ask("police"), "objection")
        draft.row.consultations.update(name="", roles="")
        assert "objection" in looked_at(draft)["flags"]
        draft.change(name="Beto Díaz")
        assert "objection" not in looked_at(draft)["flags"]
        draft.change()
        assert "objection" in looked_at(draft)["flags"]


class TestWhoIsLookedAtTwice:
    def test_is_somebody_of_the_nominators_own_office(self, draft):
        shown = reading.read_designation(draft.one.actor, draft.designation, now=draft.now)
        assert "same-office" in shown["flags"]

    def test_is_somebody_whose_name_another_has_already(self, life):
        life.draft(name="Persona Ficticia")
        shown = reading.read_designation(life.one.actor, life.designation, now=life.now)
        assert "same-name" in shown["flags"]

    #  what looks like "Persona Ficticia"
    @pytest.mark.parametrize(
        "name",
        [
            "PERSONA FICTICIA",
            "Persona  Fict\u00edcia",
            "Persona-Ficticia.",
            "Person\u0430 Ficticia",
            "\u03a1ersona Ficticia",
        ],
    )
    def test_is_somebody_whose_name_looks_like_anothers(self, life, name):
        life.draft(name=name)
        shown = reading.read_designation(life.one.actor, life.designation, now=life.now)
        assert "same-name" in shown["flags"]

    def test_is_nobody_of_a_name_of_their_own(self, life):
        life.draft(name="Persona Ficticio")
        shown = reading.read_designation(life.one.actor, life.designation, now=life.now)
        assert "same-name" not in shown["flags"]


class TestRejecting:
    @pytest.mark.parametrize("stage", ["consulted", "nominated", "approved", "enrolled"])
    def test_takes_one_hand_at_any_stage_before_a_key_counts(self, life, stage):
        getattr(life, stage)()
        services.reject_designation(
            designation=life.designation, reason="objection", **life.acting(life.one)
        )
        assert (life.stage, life.row.reason) == ("rejected", "objection")

    @pytest.mark.parametrize(
        ("stage", "told"), [("nominated", []), ("approved", ["announced", "removed"])]
    )
    def test_is_told_to_those_who_were_told_of_it(self, life, stage, told):
        getattr(life, stage)()
        services.reject_designation(
            designation=life.designation, reason="other", **life.acting(life.one)
        )
        kinds = Notice.objects.order_by("number").values_list("kind", flat=True)
        assert list(kinds) == told

    def test_of_a_renewal_removes_nobody_in_anybodys_eyes(self, life):
        life.active()
        renew(much_later(life))
        life.nominate()
        life.approve(life.one)
        services.reject_designation(
            designation=life.designation, reason="other", **life.acting(life.one)
        )
        assert not Notice.objects.filter(kind="removed").exists()

    def test_is_too_late_then(self, life):
        life.active()
        with pytest.raises(Refused, match="designation-stage"):
            services.reject_designation(
                designation=life.designation, reason="other", **life.acting(life.one)
            )

    def test_ends_what_a_code_would_have_opened(self, life, client):
        code = life.approved().code()
        services.reject_designation(
            designation=life.designation, reason="other", **life.acting(life.one)
        )
        assert life.begin(code).json()["code"] == "enrolment-refused"
