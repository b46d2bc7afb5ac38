"""When terms end, around holidays and changes of the clocks, seen from both sides."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.calendars import terms, zones
from casehub.calendars.days import why_closed

DAY = timedelta(days=1)
STATES = st.sampled_from(sorted(zones.STATES))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.integers(1, 30)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def term(state, since, days=5):
    return terms.working_days(state=state, since=utc(since), days=days)


class TestWorkingDays:
    def test_begin_with_the_day_after_that_of_asking(self):
        asked = term("GT", "2026-06-08T15:00")  # a Monday
        assert asked.last == date(2026, 6, 15)
        assert asked.ends == utc("2026-06-16T06:00")

    def test_leave_out_weekends_and_holidays_and_say_which(self):
        asked = term("SV", "2026-07-31T15:00")  # a Friday
        assert asked.last == date(2026, 8, 12)
        kept = [one.day.day for one in asked.closed if one.holiday]  # of August
        assert kept == [3, 5, 6]
        assert len(asked.closed) == 7

    def test_of_a_day_on_which_nobody_works_begin_with_the_next_working_day(self):
        assert term("MX", "2026-06-13T15:00", 1).last == date(2026, 6, 15)

    def test_leave_out_the_holidays_of_the_state_that_is_asked_alone(self):
        asked = "2026-11-25T15:00"  # the day before Thanksgiving
        assert term("US", asked, 1).last == date(2026, 11, 27)
        assert term("GT", asked, 1).last == date(2026, 11, 26)

    def test_go_on_into_the_next_year_by_its_calendar(self):
        assert term("DO", "2026-12-28T15:00").last == date(2027, 1, 6)
        assert term("HN", "2026-12-28T15:00").last == date(2027, 1, 5)

    def test_count_from_the_day_that_it_is_there_when_somebody_asks(self):
        asked = "2026-06-01T05:30"  # half past one in New York, half past eleven in Guatemala
        assert term("US", asked).last == date(2026, 6, 8)
        assert term("GT", asked).last == date(2026, 6, 5)

    def test_of_holy_week_begin_after_it(self):
        assert term("CR", "2026-04-01T15:00", 1).last == date(2026, 4, 6)
        assert term("BZ", "2026-04-01T15:00", 2).last == date(2026, 4, 7)

    @pytest.mark.parametrize("days", [0, -1, 401])
    def test_are_some_and_no_endless_number(self, days):
        with pytest.raises(ValueError, match=str(days)):
            term("MX", "2026-06-01T15:00", days)


class TestWhenTheClocksChange:
    def test_a_term_over_a_spring_night_ends_at_midnight_there_an_hour_sooner(self):
        asked = term("CA", "2026-03-05T17:00")
        assert asked.last == date(2026, 3, 12)
        assert asked.ends == utc("2026-03-13T04:00")  # 00:00 EDT; EST would be 05:00
        before = zones.begins(date(2026, 3, 8), zones.zone_of("CA"))  # the night of the change
        assert asked.ends - before == 5 * DAY - timedelta(hours=1)

    def test_the_same_days_where_no_clock_changes_end_with_the_same_hour(self):
        asked = term("MX", "2026-03-05T17:00")
        assert asked.last == date(2026, 3, 12)
        assert asked.ends == utc("2026-03-13T06:00")

    def test_a_term_over_an_autumn_night_ends_an_hour_later(self):
        asked = term("US", "2026-10-30T15:00", 1)
        assert asked.last == date(2026, 11, 2)
        assert asked.ends == utc("2026-11-03T05:00")

    def test_such_a_sunday_has_its_23_or_25_hours(self):
        def hours(day):
            zone = zones.zone_of("US")
            return (zones.begins(day + DAY, zone) - zones.begins(day, zone)) / timedelta(hours=1)

        assert hours(date(2026, 3, 8)) == 23
        assert hours(date(2026, 11, 1)) == 25

    def test_a_question_in_the_hour_that_comes_twice_counts_from_the_same_day(self):
        first, second = "2026-11-01T05:30", "2026-11-01T06:30"  # 01:30 in New York, twice
        assert term("US", first) == term("US", second)

    def test_mexico_and_central_america_change_none(self):
        for state in zones.STATES - {"CA", "US"}:
            zone = zones.zone_of(state)
            winter, summer = utc("2026-01-15T12:00"), utc("2026-07-15T12:00")
            assert winter.astimezone(zone).utcoffset() == summer.astimezone(zone).utcoffset()


class TestBothSides:
    def test_have_one_moment_on_two_clocks(self):
        asked = term("US", "2026-06-01T15:00", 1)
        assert asked.ends == utc("2026-06-03T04:00")
        assert terms.last_day(asked.ends, zones.zone_of("US")) == date(2026, 6, 2)
        # In Guatemala it is over at ten at night of that day; in Panama at eleven.
        assert asked.ends.astimezone(zones.zone_of("GT")).hour == 22
        assert asked.ends.astimezone(zones.zone_of("PA")).hour == 23

    def test_may_have_two_dates(self):
        asked = term("GT", "2026-06-01T15:00", 1)
        assert asked.last == date(2026, 6, 2)
        assert terms.last_day(asked.ends, zones.zone_of("US")) == date(2026, 6, 3)  # 02:00

    def test_are_an_hour_nearer_to_each_other_in_winter(self):
        def gap(since):
            return term("GT", since, 1).ends.astimezone(zones.zone_of("US")).hour

        assert gap("2026-07-06T15:00") == 2
        assert gap("2026-12-07T15:00") == 1

    def test_count_the_same_days_left_by_their_own_dates(self):
        ends = term("GT", "2026-06-01T15:00", 1).ends
        now = utc("2026-06-03T05:00")  # 23:00 in Guatemala, 01:00 of the next day in New York
        assert terms.days_left(ends, zone=zones.zone_of("GT"), now=now) == 0
        assert terms.days_left(ends, zone=zones.zone_of("US"), now=now) == 0
        assert terms.days_left(ends, zone=zones.zone_of("GT"), now=ends) is None

    @given(STATES, STATES, MOMENTS, DAYS)
    def test_are_never_more_than_a_date_apart(self, there, here, since, days):
        asked = terms.working_days(state=there, since=since, days=days)
        assert abs(terms.last_day(asked.ends, zones.zone_of(here)) - asked.last) <= DAY


class TestAnyTerm:
    @given(STATES, MOMENTS, DAYS)
    def test_has_as_many_open_days_as_it_should_and_ends_on_one(self, state, since, days):
        asked = terms.working_days(state=state, since=since, days=days)
        day = zones.day_of(since, zones.zone_of(state))
        opened = []
        while day < asked.last:
            day += DAY
            opened += [day] if why_closed(state, day) is None else []
        assert len(opened) == days
        assert opened[-1] == asked.last

    @given(STATES, MOMENTS, DAYS)
    def test_ends_with_midnight_there(self, state, since, days):
        ends = terms.working_days(state=state, since=since, days=days).ends
        there = ends.astimezone(zones.zone_of(state))
        assert (there.hour, there.minute, there.second) == (0, 0, 0)
        assert ends > since

    @given(STATES, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9)), DAYS)
    def test_that_begins_later_ends_no_sooner(self, state, since, later, days):
        first = terms.working_days(state=state, since=since, days=days)
        second = terms.working_days(state=state, since=since + later, days=days)
        assert first.ends <= second.ends

    @given(STATES, MOMENTS)
    def test_that_is_longer_ends_later(self, state, since):
        found = [
            terms.working_days(state=state, since=since, days=days).ends for days in (1, 2, 5, 9)
        ]
        assert all(sooner < later for sooner, later in pairwise(found))
