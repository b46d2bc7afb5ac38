"""
Which days are no working days in each of the eleven States (pure, of a kept library).

Weekends and holidays are those of the library `holidays` for the State as a whole: where it tells
days of government offices from others (Canada, the United States) theirs, elsewhere the public
ones, with the days on which they are observed. Besides, what the law has and the library has not,
or has for the capital alone: in Canada Easter Monday (Interpretation Act, RSC 1985, c I-21, s
35(1)), in El Salvador the capital's 3 and 5 August (Código de Trabajo, art. 190). Not in it: what
only another province keeps, recesses of courts, vacations of public servants, and a day that a
government gave off at short notice, until a release of the library has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays import GOVERNMENT, PUBLIC, HolidayBase, country_holidays

from .limits import FIRST_YEAR, LAST_YEAR
from .zones import STATES

_OFFICES = {"CA": GOVERNMENT, "US": GOVERNMENT}
_CAPITAL = {"SV": "SS"}  # whose own days count, by ISO 3166-2
_AFTER_GOOD_FRIDAY = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that a State keeps, by its name there; `language` is the BCP 47 tag of that name."""

    day: date
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A day on which nothing is counted; `holiday` is None for a weekend without one."""

    day: date
    holiday: Holiday | None


# A year of a State is a few dozen days, and there are eleven States: nothing is ever put out.
@cache
def _kept(state: str, year: int) -> HolidayBase:
    chosen = [_OFFICES.get(state, PUBLIC)]
    # Of its own the library names days in the language of the machine that it runs on.
    own = country_holidays(state).default_language
    kept = country_holidays(
        state, subdiv=_CAPITAL.get(state), years=[year], categories=chosen, language=own
    )
    if state == "CA":
        (friday,) = kept.get_named("Good Friday")
        kept[friday + _AFTER_GOOD_FRIDAY] = "Easter Monday"
    return kept


def holidays_of(state: str, year: int) -> tuple[Holiday, ...]:
    """
    Return the holidays of a State's year, by date; a weekend is none.

    :raises LookupError: for a State or year that there is no calendar of.
    """
    if state not in STATES or not FIRST_YEAR <= year <= LAST_YEAR:
        raise LookupError(state, year)
    kept = _kept(state, year)
    language = (kept.default_language or "en").partition("_")[0]
    return tuple(
        Holiday(day, name, language) for day, name in sorted(kept.items()) if day.year == year
    )


def why_closed(state: str, day: date) -> Closed | None:
    """
    Return why a day is no working day in a State, or None if it is one.

    :raises LookupError: for a State or year that there is no calendar of.
    """
    holiday = _by_day(state, day.year).get(day)
    weekend = day.weekday() in _kept(state, day.year).weekend
    return Closed(day, holiday) if weekend or holiday else None


@cache
def _by_day(state: str, year: int) -> dict[date, Holiday]:
    return {one.day: one for one in holidays_of(state, year)}
