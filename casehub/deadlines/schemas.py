"""The wire forms of deadlines, of each State's calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Schema


class HolidayOut(Schema):
    """A day that a State keeps, by its name there, in the language of that name."""

    day: date
    name: str
    language: str


class DeadlineOut(Schema):
    """
    Until when the caller, or somebody of their State, has to act.

    `ends` is the first moment that is too late. `state` is whose law and `zone` whose clocks count,
    `last` the last day there; `left` is in how many days of that zone it ends, 0 for today, null
    for what is over and still to be done. Of a day of a request: `request` is its id, or `circle`
    that in which somebody is to answer an informal consultation; `reminded` is how many days before
    it (7, 3 or 1) those concerned were reminded last.
    """

    kind: Literal[
        "consultation",
        "deletion",
        "designation",
        "export",
        "joining",
        "keeping",
        "notice",
        "request-answer",
        "request-confirmation",
        "request-deadline",
        "request-execution",
        "request-review",
        "request-second",
        "standing",
    ]
    ends: datetime
    state: str
    zone: str
    last: date
    left: int | None
    closed: str
    request: UUID | None
    circle: UUID | None
    reminded: int | None


class CalendarOut(Schema):
    """A State's holidays of this year and the next, and its zone; weekends are closed besides."""

    state: str
    zone: str
    today: date
    days: list[HolidayOut]
