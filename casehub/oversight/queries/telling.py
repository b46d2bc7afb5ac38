"""Whose name was given, when they are told of it, and what they are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from audit.queries import fields_of
from casehub.calendars.zones import zone_of
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

from .. import limits
from ..models import Deferral, Unmasking
from .wishes import answer_to, milliseconds, wish_digest

Shape = dict[str, Any]


def due_at(row: Unmasking) -> datetime:
    """Return when the person of an agreed unmasking is told: a deferral counts once agreed to."""
    answers = [answer_to(one) for one in row.deferrals.all()]
    deferred = [one.until for one in answers if one is not None and one.until is not None]
    return max([row.decision.decided_at + limits.TOLD_AFTER, *deferred])


def persons_of(rows: Iterable[Unmasking]) -> tuple[dict[UUID, str], dict[int, Shape]]:
    """
    Return whom agreed unmaskings are about, and what was said of each when it was asked for.

    The agreement names the person as well: who erases the asking alone does not keep the person
    from being told. Of one whose both events are erased nobody knows it any more.
    """
    listed = list(rows)
    said = fields_of(
        event for row in listed for event in (row.audit_event_id, row.decision.audit_event_id)
    )
    persons = {}
    for row in listed:
        known = said.get(row.decision.audit_event_id) or said.get(row.audit_event_id)
        if known is not None:
            persons[row.id] = str(known["person"])
    return persons, said


def agreed_for(actor: Actor, unmasking: UUID) -> tuple[Unmasking, str]:
    """
    Return an agreed unmasking of the actor's State, held, and whom it is about.

    :raises NotVisible: if there is none such, or nobody knows any more whom it is about.
    """
    rows = Unmasking.objects.filter(id=unmasking, state=actor.state, decision__agreed=True)
    if connection.vendor != "sqlite":
        rows = rows.select_for_update()
    found = rows.first()
    persons, _ = persons_of([found] if found else [])
    if found is None or found.id not in persons:
        raise NotVisible
    return found, persons[found.id]


def deferral_for(actor: Actor, deferral: UUID) -> tuple[Deferral, str]:
    """
    Return a wish of the actor's State to tell somebody later, held, and whom it is about.

    :raises NotVisible: if there is none such.
    """
    found = Deferral.objects.filter(id=deferral, unmasking__state=actor.state).first()
    if found is None:
        raise NotVisible
    row, person = agreed_for(actor, found.unmasking_id)
    # What was decided before the row was held.
    wish = row.deferrals.get(id=deferral)
    return wish, person


def digest_of_deferral(wish: Deferral) -> str:
    """Return the digest of a wish to tell somebody later, as an auditor is shown it."""
    said = fields_of([wish.audit_event_id]).get(wish.audit_event_id, {})
    return wish_digest("deferral", wish, said, milliseconds(wish.until))


def _due(actor: Actor, now: datetime) -> tuple[list[Unmasking], dict[int, Shape]]:
    """Return the unmaskings of the actor that they may know of by now, and what was said."""
    rows = list(
        Unmasking.objects.filter(
            state=actor.state,
            decision__agreed=True,
            decision__decided_at__lte=now - limits.TOLD_AFTER,
        )
        .select_related("asker__office", "decision", "notice")
        .prefetch_related("deferrals__decision")
        .order_by("-decision__decided_at")
    )
    persons, said = persons_of(rows)
    return [row for row in rows if persons.get(row.id) == actor.id and due_at(row) <= now], said


def notices_of(actor: Actor, *, now: datetime) -> list[Shape]:
    """
    Return what a person is told: on which day which body learnt their name, on what ground.

    Not who asked or agreed, and nothing before its time. All of it stays, confirmed or not; the
    ground of a wish that was erased is gone.
    """
    rows, said = _due(actor, now)
    return [
        {
            "id": row.id,
            "day": row.decision.decided_at.astimezone(zone_of(row.state)).date(),
            "body": row.asker.office.name,
            "quarter": row.quarter,
            "ground": said.get(row.audit_event_id, {}).get("ground"),
            "told_at": row.notice.told_at if hasattr(row, "notice") else None,
        }
        for row in rows
    ]


def notice_for(actor: Actor, unmasking: UUID, *, now: datetime) -> Unmasking:
    """
    Return the unmasking of the actor, held, that they are told of.

    :raises NotVisible: if it is not about the actor, or not due yet.
    """
    rows = Unmasking.objects.filter(id=unmasking)
    if connection.vendor != "sqlite":
        rows.select_for_update().first()
    found = next((row for row in _due(actor, now)[0] if row.id == unmasking), None)
    if found is None:
        raise NotVisible
    return found
