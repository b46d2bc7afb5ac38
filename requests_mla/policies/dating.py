"""Why not, of the day of a step and of the days that it names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from casehub.calendars import zones
from casehub.cases import rules

from ..states import Side


@dataclass(frozen=True, slots=True)
class Dated:
    """The day of a move, and by the clocks of which States (their codes) it may have been told."""

    on: date
    clocks: frozenset[str]


def clocks_of(side: Side, state: str, *, requested_state: str) -> frozenset[str]:
    """
    Return the States by whose clocks the day of a move may have been told.

    Whoever moves it tells it by their own; who records what another State did, maybe by its.
    """
    return frozenset({state, requested_state} if side is Side.REQUESTED else {state})


def first_day(after: Dated, clocks: Collection[str]) -> date:
    """
    Return the first day that what follows `after` can be of, told by one of these States' clocks.

    It is the day of `after`, or the one before where that day ends later than the other began:
    past midnight in Panama it is still evening in El Salvador.
    """
    began = min(zones.begins(after.on, zones.zone_of(one)) for one in after.clocks)
    until = max(zones.begins(after.on, zones.zone_of(one)) for one in clocks)
    return after.on if until <= began else after.on - timedelta(days=1)


EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
"""Where a day begins first, and where it ends last."""


def why_not_on(on: date, *, first: date, signed: datetime, due: str, keep_until: str) -> str | None:
    """
    Return why a move is not of this day, or None.

    It is not before what it follows or is about allows (`first`), and has come somewhere when it is
    signed: whoever signs may be on a journey. What is due or kept is so after it, and kept no
    longer than is anybody's to say alone.
    """
    if on < first:
        return "move-back-dated"
    if on > signed.astimezone(EAST).date():
        return "move-ahead"
    later = (date.fromisoformat(day) for day in (due, keep_until) if day)
    if any(day < on for day in later):
        return "move-due-before"
    return why_not_kept(on, keep_until)


def why_not_kept(on: date, keep_until: str) -> str | None:
    """
    Return why a file is not kept until this day, or None: as long as the longest class at most.

    One hand signs it, and nothing takes it back. What has to stay longer is held, which two lift.
    """
    years = max(one.years for one in rules.classes().values())
    last = rules.after_years(datetime.combine(on, time.min), years).date()
    kept = date.fromisoformat(keep_until) if keep_until else on
    return "move-kept-too-long" if kept > last else None
