"""By when a request is to be acted on, on whose clocks, and when those concerned are reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from requests_mla import days
from requests_mla.states import UNDER_WAY, Act, Stage

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)  # a Tuesday
TOLD = days.Told(Stage.DRAFT, "SV", "MX", "2026-12-31", NOW - timedelta(days=90))


def told(stage, *moves, **changes):
    made = tuple((act, due, NOW) for act, due in moves)
    return replace(TOLD, **({"stage": stage, "deadline": "", "moves": made} | changes))


def found(one):
    return [(day.what, day.last.isoformat(), day.state) for day in days.days_of(one)]


class TestDays:
    @pytest.mark.parametrize(
        ("stage", "act", "what", "state", "drafters"),
        [
            (Stage.INFORMATION_REQUESTED, Act.ASK_INFORMATION, "request-answer", "SV", True),
            (Stage.POSTPONED, Act.POSTPONE, "request-review", "MX", False),
            (Stage.IN_EXECUTION, Act.BEGIN, "request-execution", "MX", False),
            (Stage.PARTIALLY_EXECUTED, Act.BEGIN, "request-execution", "MX", False),
        ],
    )
    def test_are_of_the_state_that_has_to_act(self, stage, act, what, state, drafters):
        (day,) = days.days_of(told(stage, (act, "2026-12-15")))
        assert (day.what, day.last, day.state) == (what, date(2026, 12, 15), state)
        assert (day.central, day.drafters) == ((state,), drafters)

    def test_end_with_the_day_there(self):
        (day,) = days.days_of(told(Stage.POSTPONED, (Act.POSTPONE, "2026-12-15")))
        assert day.ends == datetime(2026, 12, 16, 6, tzinfo=UTC)

    def test_are_no_more_once_that_was_done(self):
        assert not found(told(Stage.ACKNOWLEDGED, (Act.ASK_INFORMATION, "2026-12-15")))

    def test_are_those_that_were_said_last(self):
        asked = (Act.ASK_INFORMATION, "2026-12-01"), (Act.ASK_INFORMATION, "2026-12-15")
        assert found(told(Stage.INFORMATION_REQUESTED, *asked)) == [
            ("request-answer", "2026-12-15", "SV")
        ]

    def test_are_none_where_the_execution_names_none(self):
        assert not found(told(Stage.IN_EXECUTION, (Act.BEGIN, "")))

    def test_are_none_of_a_year_without_calendars(self):
        assert not found(told(Stage.READY, deadline="2150-01-01"))
        assert not found(told(Stage.READY, deadline="9999-12-31"))

    @pytest.mark.parametrize("stage", [*UNDER_WAY, Stage.EXECUTED])
    def test_of_what_left_by_word_are_the_day_after(self, stage):
        sent = datetime(2026, 11, 25, 3, tzinfo=UTC)  # the 24th in El Salvador
        assert ("request-confirmation", "2026-11-25", "SV") in found(told(stage, unconfirmed=sent))


class TestADeadline:
    @pytest.mark.parametrize(
        ("stage", "state", "central"),
        [
            (Stage.DRAFT, "SV", ()),
            (Stage.RETURNED, "SV", ()),
            (Stage.AUTHORISED, "SV", ("SV",)),
            *((one, "MX", ("MX", "SV")) for one in UNDER_WAY),
        ],
    )
    def test_is_before_whoever_has_the_request(self, stage, state, central):
        (day,) = days.days_of(told(stage, deadline="2026-12-31"))
        assert (day.state, day.central, day.drafters) == (state, central, True)

    def test_is_none_of_what_was_executed(self):
        assert not found(told(Stage.EXECUTED, deadline="2026-12-31"))


def day(last, **changes):
    usual = {"what": "request-review", "state": "MX", "central": ("MX",), "drafters": False}
    usual |= {"since": NOW - timedelta(days=60)}
    return days.Day(last=date.fromisoformat(last), **(usual | changes))


def noon(day_of_month):
    return datetime(2026, 12, day_of_month, 18, tzinfo=UTC)


class TestReminders:
    @pytest.mark.parametrize(
        ("on", "due"),
        [(9, None), (10, 7), (13, 7), (14, 3), (15, 3), (16, 1), (17, 1), (18, None)],
    )
    def test_come_seven_three_and_one_day_before(self, on, due):
        """Thursday 17 December; three days before is Monday."""
        assert days.reminder_due(day("2026-12-17"), noon(on)) == due

    def test_come_on_the_working_day_before_a_weekend(self):
        monday = day("2026-12-21")
        assert days.reminded_on(monday, 1) == date(2026, 12, 18)

    def test_come_on_the_working_day_before_a_holiday_of_that_state(self):
        after = "2026-12-26"
        assert days.reminded_on(day(after), 1) == date(2026, 12, 24)
        assert days.reminded_on(day(after, state="CR"), 7) == date(2026, 12, 18)

    def test_go_by_the_clocks_of_that_state(self):
        late = datetime(2026, 12, 16, 5, 59, tzinfo=UTC)  # still the 15th in Mexico
        assert days.reminder_due(day("2026-12-17"), late) == 3
        assert days.reminder_due(day("2026-12-17"), late + timedelta(minutes=1)) == 1

    def test_before_anybody_knew_are_left_out_but_for_the_last(self):
        known = day("2026-12-17", since=noon(15))
        assert days.reminder_due(known, noon(15)) is None
        assert days.reminder_due(known, noon(16)) == 1
        assert days.reminder_due(day("2026-12-17", since=noon(16)), noon(16)) == 1

    def test_of_a_state_without_calendar_come_on_the_day_itself(self):
        assert days.reminded_on(day("2026-12-21", state="FR"), 1) == date(2026, 12, 20)
