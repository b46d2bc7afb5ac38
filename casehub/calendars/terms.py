"""
When a term ends by the law of a State: in its zone, by its working days (pure).

The day on which a term begins does not count, nor does one on which the State's offices are closed.
The last day counts to its end: a term ends with the first moment of the day after, on the clocks of
the State's capital, whether that day had 23, 24 or 25 hours. Whoever sits elsewhere has the same
moment on other clocks, and so perhaps on another date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from . import zones
from .days import Closed, why_closed
from .limits import LONGEST

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """
    A term of a State.

    `last` is its last day there, `ends` the moment in UTC from which on it is missed, `closed` the
    days up to `last` that did not count.
    """

    state: str
    last: date
    ends: datetime
    closed: tuple[Closed, ...] = ()


def working_days(*, state: str, since: datetime, days: int) -> Term:
    """
    Return the term of so many working days of a State, at least one, that begins at a moment.

    :raises LookupError: for a State that there is no calendar of, or a year too far away.
    :raises ValueError: for no days, or more than `limits.LONGEST`.
    """
    _check(days)
    day, left, closed = zones.day_of(since, zones.zone_of(state)), days, []
    while left:
        day += _DAY
        why = why_closed(state, day)
        if why is None:
            left -= 1
        else:
            closed.append(why)
    return _term(state, day, closed)


def _term(state: str, last: date, closed: Sequence[Closed]) -> Term:
    ends = zones.begins(last + _DAY, zones.zone_of(state))
    return Term(state=state, last=last, ends=ends, closed=tuple(closed))


def _check(days: int) -> None:
    if not 1 <= days <= LONGEST:
        raise ValueError(days)


def last_day(ends: datetime, zone: ZoneInfo) -> date:
    """Return on which date of a zone the last moment of a term lies."""
    return zones.day_of(ends - timedelta(microseconds=1), zone)


def days_left(ends: datetime, *, zone: ZoneInfo, now: datetime) -> int | None:
    """Return in how many days of a zone a term ends, 0 for today; None once it is over."""
    if now >= ends:
        return None
    return (last_day(ends, zone) - zones.day_of(now, zone)).days
