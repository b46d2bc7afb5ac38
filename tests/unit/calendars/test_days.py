"""Which days the eleven States keep, against what their laws say."""

from __future__ import annotations

from datetime import date

import pytest

from casehub.calendars import zones
from casehub.calendars.days import holidays_of, why_closed

#  a day of each State that hardly another one keeps
OWN = {
    "BZ": date(2026, 11, 19),  # Garifuna Settlement Day
    "CA": date(2026, 7, 1),  # Canada Day
    "CR": date(2026, 7, 25),  # annexation of Nicoya
    "DO": date(2026, 2, 27),  # independence
    "GT": date(2026, 10, 20),  # revolution
    "HN": date(2026, 10, 7),  # Morazán week
    "MX": date(2026, 9, 16),  # independence
    "NI": date(2026, 9, 14),  # San Jacinto
    "PA": date(2026, 11, 3),  # separation
    "SV": date(2026, 8, 6),  # the Saviour
    "US": date(2026, 11, 26),  # Thanksgiving
}


def closed(state, day):
    return why_closed(state, date.fromisoformat(day)) is not None


class TestEveryState:
    def test_has_a_calendar_and_a_zone(self):
        assert set(OWN) == zones.STATES

    @pytest.mark.parametrize("state", sorted(OWN))
    def test_keeps_a_day_of_its_own(self, state):
        why = why_closed(state, OWN[state])
        assert why is not None
        assert why.holiday is not None

    @pytest.mark.parametrize("state", sorted(OWN))
    def test_keeps_new_year_and_christmas(self, state):
        assert closed(state, "2026-01-01")
        assert closed(state, "2026-12-25")

    @pytest.mark.parametrize("state", sorted(OWN))
    def test_keeps_good_friday_if_its_law_does(self, state):
        # Neither Mexico's labour law (article 74) nor 5 U.S.C. 6103 names it.
        assert closed(state, "2026-04-03") == (state not in {"MX", "US"})

    @pytest.mark.parametrize("state", sorted(OWN))
    def test_rests_on_saturday_and_sunday_and_works_on_other_days(self, state):
        weekend = why_closed(state, date(2026, 6, 13))
        assert weekend is not None
        assert weekend.holiday is None
        assert closed(state, "2026-06-14")
        assert not closed(state, "2026-06-15")

    @pytest.mark.parametrize("state", sorted(OWN))
    def test_calls_its_days_by_names_in_a_language_of_its_own(self, state):
        languages = {one.language for one in holidays_of(state, 2026)}
        assert languages == {"en" if state in {"BZ", "CA", "US"} else "es"}

    def test_calls_new_year_as_it_is_called_there(self):
        found = {
            state: holidays_of(state, 2026)[0].name for state in ("BZ", "CA", "MX", "SV", "US")
        }
        english, spanish = "New Year's Day", "Año Nuevo"
        assert found == {
            "BZ": english, "CA": english, "MX": spanish, "SV": spanish, "US": english,
        }  # fmt: skip


class TestADayThatIsMoved:
    def test_in_mexico_goes_to_a_monday(self):
        assert closed("MX", "2026-02-02")
        assert not closed("MX", "2026-02-05")
        assert closed("MX", "2026-03-16")
        assert closed("MX", "2026-11-16")

    def test_in_the_united_states_is_observed_on_the_friday_before_a_saturday(self):
        assert closed("US", "2026-07-03")

    def test_in_canada_is_observed_on_the_monday_after_a_weekend(self):
        assert closed("CA", "2026-12-28")

    def test_in_the_dominican_republic_goes_to_the_nearest_monday(self):
        assert closed("DO", "2026-01-05")
        assert not closed("DO", "2026-01-06")
        assert closed("DO", "2027-01-04")

    def test_of_easter_comes_with_the_moon(self):
        assert closed("GT", "2026-04-02")
        assert closed("GT", "2027-03-25")
        assert not closed("GT", "2027-04-01")


class TestDaysThatTheLibraryLacks:
    @pytest.mark.parametrize("day", ["2026-04-06", "2027-03-29", "2028-04-17"])
    def test_are_easter_monday_in_canada(self, day):
        why = why_closed("CA", date.fromisoformat(day))
        assert why is not None
        assert why.holiday is not None
        assert why.holiday.name == "Easter Monday"

    @pytest.mark.parametrize("year", [2000, 2026, 2099])
    def test_are_one_day_a_year(self, year):
        names = [one.name for one in holidays_of("CA", year)]
        assert names.count("Easter Monday") == 1

    def test_are_the_feast_of_its_capital_in_el_salvador(self):
        """Article 190 of the labour code; the central authority sits there."""
        assert [closed("SV", f"2026-08-0{day}") for day in (3, 4, 5, 6, 7)] == [
            *(True, False, True, True, False),
        ]


class TestDaysOfOfficesAlone:
    def test_count_where_a_state_tells_them_apart(self):
        assert closed("CA", "2026-05-18")
        assert closed("CA", "2026-09-30")
        assert closed("US", "2026-10-12")


class TestAnUnknownState:
    @pytest.mark.parametrize(("state", "year"), [("FR", 2026), ("", 2026), ("MX", 1999)])
    def test_or_year_has_no_calendar(self, state, year):
        with pytest.raises(LookupError):
            holidays_of(state, year)
