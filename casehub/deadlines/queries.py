"""Until when somebody has to act, as far as this server knows it: kinds and moments, no content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from casehub.calendars import days, terms, zones
from casehub.cases import queries as cases
from casehub.cases.queries import keeping
from casehub.core import roles
from casehub.core.actor import Actor
from casehub.custody import queries as custody
from casehub.designations.queries import standing
from casehub.designations.queries import waiting as designations
from casehub.directory import queries as directory
from requests_mla import queries as requests

ACKNOWLEDGES = frozenset(roles.row_of("directory.notice.acknowledge").who)
# Still to be done when its time is over, as the days of requests are.
OWED = frozenset({"notice", "standing"})
DELETED_WITHIN = timedelta(days=30)  # of what is deleted some day this is near enough to act on
Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deadline:
    """
    One of a kind: the first moment that is too late, and by whose clocks.

    Of a request: which, or of what one was asked informally about one the circle; and how many days
    before its day those concerned were reminded last.
    """

    kind: str
    ends: datetime
    state: str
    request: UUID | None = None
    circle: UUID | None = None
    reminded: int | None = None


def deadlines_of(actor: Actor, *, now: datetime) -> list[Deadline]:
    """
    Return what the actor, or somebody of their State, still has to do by when; nearest first.

    What can be done late is among them until it is done.
    """
    notices = directory.waiting_notices(actor.state) if actor.roles & ACKNOWLEDGES else []
    designated = designations.awaiting(actor, now=now)
    found = {
        "notice": notices,
        "joining": cases.joinings_wanting(actor, now=now),
        "standing": standing.awaiting(actor, now=now),
        "designation": [one for one in designated if one is not None],
        "keeping": keeping.hands_wanted(actor, now=now),
        "export": custody.wanting(actor, now=now),
        "deletion": keeping.deletions_before(actor, now + DELETED_WITHIN),
    }
    told = [
        Deadline(kind, at, actor.state)
        for kind, ends in found.items()
        for at in ends
        if at > now or kind in OWED
    ]
    return _nearest_first([*told, *deadlines_of_requests(actor, now=now)])


def deadlines_of_requests(actor: Actor, *, now: datetime) -> list[Deadline]:
    """Return those among them that are of requests, or of what was asked about one."""
    return _nearest_first(
        [
            Deadline(one.what, one.ends, one.state, one.request, one.circle, one.reminded)
            for one in (*requests.days_for(actor), *requests.seconds_wanted(actor, now=now))
        ]
    )


def _nearest_first(told: list[Deadline]) -> list[Deadline]:
    return sorted(told, key=lambda one: (one.ends, one.kind))


def shapes_for(actor: Actor, *, now: datetime) -> list[Shape]:
    """Return the actor's deadlines as they are shown: those that the daily e-mail counts."""
    return [_shape(one, now) for one in deadlines_of(actor, now=now)]


def shapes_of_requests(actor: Actor, *, now: datetime) -> list[Shape]:
    """Return those of requests as they are shown: what pages ask for when somebody moves one."""
    return [_shape(one, now) for one in deadlines_of_requests(actor, now=now)]


def _shape(one: Deadline, now: datetime) -> Shape:
    zone = zones.zone_of(one.state)
    last = terms.last_day(one.ends, zone)
    closed = days.why_closed(one.state, last) if one.state in zones.STATES else None
    named = closed.holiday.name if closed is not None and closed.holiday is not None else ""
    return {
        "kind": one.kind,
        "ends": one.ends,
        "state": one.state,
        "zone": zone.key,
        "last": last,
        "left": terms.days_left(one.ends, zone=zone, now=now),
        "closed": named or ("weekend" if closed is not None else ""),
        "request": one.request,
        "circle": one.circle,
        "reminded": one.reminded,
    }


def calendars(now: datetime) -> list[Shape]:
    """
    Return the holidays of every State, of the year that runs there and the next.

    All of them at once, so that nothing is told by which are asked for.
    """
    found = []
    for state in sorted(zones.STATES):
        today = zones.day_of(now, zones.zone_of(state))
        kept = [*days.holidays_of(state, today.year), *days.holidays_of(state, today.year + 1)]
        found.append(
            {
                "state": state,
                "zone": zones.zone_of(state).key,
                "today": today,
                "days": [
                    {"day": one.day, "name": one.name, "language": one.language} for one in kept
                ],
            }
        )
    return found
