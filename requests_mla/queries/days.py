"""
The days of requests: by when whom, and who is reminded.

Those concerned are whoever has to act by the table of stages, and those for whom it is done: never
more than see the request's stage anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from casehub.calendars import terms, zones
from casehub.cases import queries as cases
from casehub.core.actor import Actor
from casehub.directory import queries as directory
from casehub.directory.functions import FOCAL_POINT

from .. import days, policies
from ..days import Day
from ..models import Consultation, Reminder, Request
from ..states import Stage
from .consultations import ANSWERS, answers_wanted
from .drafts import readers_of

SITS = policies.MAY_READ | ANSWERS
"""Roles before whom days are by their seat in a circle."""


@dataclass(frozen=True, slots=True)
class Standing:
    """
    A day that is before somebody; how many days ahead they were reminded last.

    Of which request, or, for whoever was asked informally and knows of none, in which circle.
    """

    what: str
    ends: datetime
    state: str
    reminded: int | None
    request: UUID | None = None
    circle: UUID | None = None


def _under_way() -> QuerySet[Request]:
    """Return the requests on which something is to be done; in a closed case nothing moves."""
    stages = [one.value for one in days.WITH_DAYS]
    rows = Request.objects.filter(stage__in=stages, case__closed_at=None)
    return rows.prefetch_related("moves", "reminders")


def days_standing(request: Request) -> list[Day]:
    """Return the days of a request as it stands, those of a consultation not among them."""
    moves = sorted(request.moves.all(), key=lambda one: one.number)
    ways = [(one.act, one.said["channel"], one.at) for one in moves]
    return days.days_of(
        days.Told(
            stage=Stage(request.stage),
            home=request.requesting_state,
            abroad=request.requested_state,
            deadline=request.disclosed.get("deadline") or "",
            wanted_since=request.deadline_at or request.opened_at,
            moves=[(one.act, one.said["due"], one.at) for one in moves],
            unconfirmed=policies.unconfirmed_since(ways),
        )
    )


def _asked(found: Consultation) -> Day:
    last = terms.last_day(found.due, zones.zone_of(found.state))
    return Day(days.CONSULTATION, last, found.state, (), drafters=False, since=found.asked_at)


def _open_consultations() -> QuerySet[Consultation]:
    return Consultation.objects.filter(outcome="", request__case__closed_at=None)


def reminded_of(reminders: Iterable[Reminder], day: Day) -> int | None:
    """Return the nearest reminder that was given of a day, or None."""
    given = [
        one.days
        for one in reminders
        if (one.what, one.last) == (day.what, day.last) and one.since in {None, day.since}
    ]
    return min(given, default=None)


def remind_next(reminders: Iterable[Reminder], day: Day, now: datetime) -> int | None:
    """Return which reminder of a day is to be given now, or None: none, or it was given."""
    due, given = days.reminder_due(day, now), reminded_of(reminders, day)
    return due if due is not None and (given is None or due < given) else None


def to_remind(now: datetime) -> list[tuple[UUID, str]]:
    """Return of which days those concerned are to be reminded: the request, and what."""
    found = [
        (request.id, day.what)
        for request in _under_way()
        for day in days_standing(request)
        if remind_next(request.reminders.all(), day, now) is not None
    ]
    asked = _open_consultations().select_related("request").prefetch_related("request__reminders")
    return found + [
        (one.request_id, days.CONSULTATION)
        for one in asked
        if remind_next(one.request.reminders.all(), _asked(one), now) is not None
    ]


def day_held(request: UUID, what: str) -> tuple[Request, Day] | None:
    """Return a request and its day, with both held until the transaction ends; None if it went."""
    rows = _under_way().filter(id=request)
    found = rows.first()
    if found is None:
        return None
    cases.hold([found.circle_id])
    if connection.vendor != "sqlite":
        list(Request.objects.filter(id=request).select_for_update())
    held = rows.first()  # asked again: what was done meanwhile has other days
    if held is None:
        return None
    standing = days_standing(held)
    standing += [_asked(one) for one in _open_consultations().filter(request=held)]
    day = next((one for one in standing if one.what == what), None)
    return None if day is None else (held, day)


def told_of_day(request: Request, day: Day) -> set[UUID]:
    """Return who of a request's parties is concerned by a day of it."""
    told: set[UUID] = set()
    for state in day.central:
        told.update(_central_for(state, request))
    if day.drafters:
        told.update(readers_of(request))
    return told


def asked_of(request: Request) -> dict[UUID, set[UUID]]:
    """Return who of another State is to answer the consultation on a request that waits."""
    found = list(_open_consultations().filter(request=request))
    readers = cases.readers_of(one.circle_id for one in found)
    return {
        one.id: readers.get(one.circle_id, set())
        & set(directory.carriers_of(one.state, FOCAL_POINT))
        for one in found
    }


def _central_for(state: str, request: Request) -> list[UUID]:
    """Return a State's central authority, or who stands in for it where it has none here."""
    return directory.holders_of(state, policies.CENTRAL) or directory.holders_of(
        request.requesting_state, policies.CENTRAL
    )


def days_for(actor: Actor) -> list[Standing]:
    """Return the days that are before `actor`, with those that are over."""
    seats = set(cases.circles_of(actor.id)) if actor.roles_in_office & SITS else set()
    return [*_days_of_requests(actor, seats), *_days_of_answers(actor, seats)]


def _days_of_answers(actor: Actor, seats: Collection[UUID]) -> list[Standing]:
    asked = answers_wanted(actor, seats).prefetch_related("request__reminders")
    return [
        Standing(
            what=days.CONSULTATION,
            ends=one.due,
            state=one.state,
            reminded=reminded_of(one.request.reminders.all(), _asked(one)),
            circle=one.circle_id,
        )
        for one in asked
    ]


def _days_of_requests(actor: Actor, seats: Collection[UUID]) -> list[Standing]:
    mine = seats if actor.roles_in_office & policies.MAY_READ else ()
    own = Q(circle__in=mine)
    if actor.roles_in_office & policies.CENTRAL:
        own |= Q(requesting_state=actor.state) | Q(requested_state=actor.state)
    rows = list(_under_way().filter(own))
    central = directory.states_with(policies.CENTRAL, among=_stood_in_for(actor, rows))
    return [
        Standing(
            what=day.what,
            ends=day.ends,
            state=day.state,
            request=request.id,
            reminded=reminded_of(request.reminders.all(), day),
        )
        for request in rows
        for day in days_standing(request)
        if (day.drafters and request.circle_id in mine) or _is_central(actor, request, day, central)
    ]


def _stood_in_for(actor: Actor, rows: Iterable[Request]) -> set[str]:
    """Return for which States `actor` would stand in, should they have no central authority."""
    if not actor.roles_in_office & policies.CENTRAL:
        return set()
    return {one.requested_state for one in rows if one.requesting_state == actor.state}


def _is_central(actor: Actor, request: Request, day: Day, central: Collection[str]) -> bool:
    """
    Say whether a day is before `actor` as central authority, for their State or standing in.

    `central` are those of :func:`_stood_in_for` that have one here.
    """
    if not actor.roles_in_office & policies.CENTRAL:
        return False
    if actor.state in day.central:
        return True
    stands_in = bool(day.central) and actor.state == request.requesting_state
    return stands_in and request.requested_state not in central
