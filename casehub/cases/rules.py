"""How long what was said in a case is kept: the table of classes, and the dates that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from casehub.calendars import zones

USUAL = "case-file"  # what a case has if nobody chose
LAST = date(9000, 12, 31)  # a later day counts as this one: not all that follows can be reckoned


@dataclass(frozen=True, slots=True)
class Retention:
    """A class: so many years of the calendar after the case was closed."""

    code: str
    years: int
    meant_for: str
    source: str


def parse(text: str) -> dict[str, Retention]:
    """
    Read the table, the shortest period first.

    :raises ValueError: unless each class lasts longer than the one before it, a year at least, and
        the usual one is among them.
    """
    raw = YAML(typ="safe", pure=True).load(text)
    found = {
        code: Retention(code, one["years"], one["for"], one["source"]) for code, one in raw.items()
    }
    years = [one.years for one in found.values()]
    if USUAL not in found or years != sorted(set(years)) or years[0] < 1:
        message = "classes: longer and longer ones, from a year on, the usual one among them"
        raise ValueError(message)
    return found


@cache
def classes() -> dict[str, Retention]:
    """Return every class by its code."""
    return parse(Path(__file__).with_name("classes.yaml").read_text(encoding="utf-8"))


def after_years(at: datetime, years: int) -> datetime:
    """Return the same day and hour so many years on; 1 March for a 29 February that is not."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, month=3, day=1)


def delete_at(
    code: str, *, closed_at: datetime | None, not_before: datetime | None
) -> datetime | None:
    """
    Return when what was said in a case is deleted; None while the case is open.

    `not_before` is what the States of the case were promised when something brought that nearer,
    or the end of the day until which one of them has something in it kept.
    """
    if closed_at is None:
        return None
    due = after_years(closed_at, classes()[code].years)
    return due if not_before is None else max(due, not_before)


def end_of(day: date, state: str) -> datetime:
    """Return the moment at which a day is over by the clocks of a State's capital."""
    return zones.begins(min(day, LAST) + timedelta(days=1), zones.zone_of(state))


def is_shorter(code: str, than: str) -> bool:
    """Say whether a class keeps less long than another one."""
    return classes()[code].years < classes()[than].years
