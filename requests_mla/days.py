"""
The days of a request: by when somebody is to act on it, and when they are reminded of it (pure).

A day ends on the clocks of the State that has to act. It is reminded of by that State's calendar: a
reminder that would fall on a weekend or a holiday comes on the working day before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from casehub.calendars import zones
from casehub.calendars.days import why_closed
from casehub.calendars.limits import FIRST_YEAR, LAST_YEAR

from .states import AT_HOME, UNDER_WAY, Act, Stage

REMINDED: Final = (7, 3, 1)
"""How many days before the last one those concerned are reminded."""
ANSWER, CONFIRMATION, CONSULTATION = "request-answer", "request-confirmation", "consultation"
DEADLINE, EXECUTION, REVIEW = "request-deadline", "request-execution", "request-review"
KINDS: Final = frozenset({ANSWER, CONFIRMATION, DEADLINE, EXECUTION, REVIEW})
WITH_DAYS: Final = (*AT_HOME, *UNDER_WAY, Stage.EXECUTED, Stage.RETURNED)
"""Stages at which something is still to be done by some day."""
BEING_EXECUTED: Final = frozenset({Stage.IN_EXECUTION, Stage.PARTIALLY_EXECUTED})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """
    By when something is to be done: `last` is the last day of `state`, whose clocks count.

    Before the central authorities of which States it is, and whether before those who draft; since
    when it is known.
    """

    what: str
    last: date
    state: str
    central: tuple[str, ...]
    drafters: bool
    since: datetime

    @property
    def ends(self) -> datetime:
        """The first moment that is too late."""
        return zones.begins(self.last + _DAY, zones.zone_of(self.state))


@dataclass(frozen=True, slots=True)
class Told:
    """
    What a request's days follow from; `moves` are act, due day and moment of each, in order.

    `wanted_since`: when the deadline was first named that stands now.
    """

    stage: Stage
    home: str
    abroad: str
    deadline: str
    wanted_since: datetime
    moves: Sequence[tuple[str, str, datetime]] = ()
    unconfirmed: datetime | None = None


def days_of(told: Told) -> list[Day]:
    """Return the days of a request as it stands, none of a year without calendars."""
    found = [_asked(told), _postponed(told), _begun(told), _unconfirmed(told), _deadline(told)]
    return [one for one in found if one and FIRST_YEAR <= one.last.year <= LAST_YEAR]


def _said(told: Told, act: Act) -> tuple[date, datetime] | None:
    """Return the day that the newest move of an act names, and when it was made."""
    newest = next((one for one in reversed(told.moves) if one[0] == act), None)
    if newest is None or not newest[1]:
        return None
    return date.fromisoformat(newest[1]), newest[2]


def _asked(told: Told) -> Day | None:
    said = _said(told, Act.ASK_INFORMATION)
    if told.stage is not Stage.INFORMATION_REQUESTED or said is None:
        return None
    last, since = said
    return Day(ANSWER, last, told.home, (told.home,), drafters=True, since=since)


def _postponed(told: Told) -> Day | None:
    said = _said(told, Act.POSTPONE)
    if told.stage is not Stage.POSTPONED or said is None:
        return None
    last, since = said
    return Day(REVIEW, last, told.abroad, (told.abroad,), drafters=False, since=since)


def _begun(told: Told) -> Day | None:
    said = _said(told, Act.BEGIN)
    if told.stage not in BEING_EXECUTED or said is None:
        return None
    last, since = said
    return Day(EXECUTION, last, told.abroad, (told.abroad,), drafters=False, since=since)


def _unconfirmed(told: Told) -> Day | None:
    """Return by when a sending by word is confirmed: forthwith (UNTOC 18(14)), so the next day."""
    if told.unconfirmed is None or told.stage not in {*UNDER_WAY, Stage.EXECUTED}:
        return None
    last = zones.day_of(told.unconfirmed, zones.zone_of(told.home)) + _DAY
    return Day(CONFIRMATION, last, told.home, (told.home,), drafters=False, since=told.unconfirmed)


def _deadline(told: Told) -> Day | None:
    """Return the day by which all is wanted: theirs who have it, and of interest to who asked."""
    if not told.deadline or told.stage is Stage.EXECUTED:
        return None
    sent = told.stage in UNDER_WAY
    central: tuple[str, ...] = (told.abroad, told.home) if sent else ()
    if told.stage is Stage.AUTHORISED:
        central = (told.home,)
    return Day(
        DEADLINE,
        date.fromisoformat(told.deadline),
        told.abroad if sent else told.home,
        central,
        drafters=True,
        since=told.wanted_since,
    )


def reminded_on(day: Day, before: int) -> date:
    """Return on which day of its State a reminder comes: `before` days ahead, or just earlier."""
    on = day.last - before * _DAY
    while day.state in zones.STATES and on.year >= FIRST_YEAR and why_closed(day.state, on):
        on -= _DAY
    return on


def reminder_due(day: Day, now: datetime) -> int | None:
    """
    Return which reminder of a day is the newest that has come: so many days before; or None.

    One that would have come before anybody knew of the day is left out, but for the last. Whoever
    sent something by word knows what follows: of that nobody is reminded before the day after.
    """
    if now >= day.ends:
        return None
    zone = zones.zone_of(day.state)
    today, known = zones.day_of(now, zone), zones.day_of(day.since, zone)
    if day.what == CONFIRMATION and today <= known:
        return None
    come = [
        before
        for before in REMINDED
        if (on := reminded_on(day, before)) <= today and (on > known or before == REMINDED[-1])
    ]
    return min(come, default=None)
