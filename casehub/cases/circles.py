"""
What an act does to circles: place one, let readers in, shut one out.

These are parts of an act, not acts: the caller brings the transaction, the locks, the permission
and the id of the event (`act`). So an app above can hang its own circle on a case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from . import notify
from .models import Case, CaseMember, Circle, Reader


def let_in(circles: Iterable[UUID], people: Collection[UUID], *, act: int, now: datetime) -> None:
    """Make every one of `people` a reader of every one of `circles`."""
    Reader.objects.bulk_create(
        Reader(circle_id=c, person_id=p, since=now, act=act) for c in circles for p in people
    )


def shut_out(circle: UUID, person: UUID, *, act: int, now: datetime) -> None:
    """End a person's place in one circle."""
    Reader.objects.filter(circle_id=circle, person_id=person, until=None).update(until=now, act=act)


def tell_of_leaving(person: str) -> None:
    """Tell everyone in their cases that this person has closed their account and reads nothing."""
    places = CaseMember.objects.filter(person_id=person, removed_at=None)
    others = CaseMember.objects.filter(case__in=places.values("case"), removed_at=None)
    left = Reader.objects.filter(person_id=person, until=None)
    notify.people_changed(
        others.exclude(person_id=person).values_list("person_id", flat=True),
        left.values_list("circle_id", flat=True),
    )


def place(
    *,
    circle: UUID,
    case: Case,
    kind: Circle.Kind,
    opener: UUID,
    people: Collection[UUID],
    client_id: UUID,
    request_digest: str,
    act: int,
    now: datetime,
) -> Circle:
    """
    Hang a new circle with id `circle` on a case that the caller holds, and tell its readers.

    :raises IntegrityError: if the opener's `client_id` opened one already: `queries.has_opened`.
    """
    placed = Circle.objects.create(
        id=circle,
        case=case,
        kind=kind,
        opener_id=opener,
        opened_at=now,
        client_id=client_id,
        request_digest=request_digest,
        audit_event_id=act,
    )
    let_in([circle], people, act=act, now=now)
    notify.people_changed(people, [])
    return placed
