"""Wishes to know who somebody is, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from audit.queries import fields_of
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

from .. import limits, pseudonyms
from ..models import Unmasking
from . import telling
from .knowing import Known, Mask, looked_up, unmasked_for
from .wishes import answer_to, asked_shape, wish_digest

Shape = dict[str, Any]


def unmasking_for(actor: Actor, unmasking: UUID, *, lock: bool = False) -> tuple[Unmasking, Shape]:
    """
    Return a wish of the actor's State, and what was asked.

    With `lock` it is held until the transaction ends.

    :raises NotVisible: if there is none such, or what was asked has been erased.
    """
    rows = Unmasking.objects.filter(id=unmasking, state=actor.state)
    if lock and connection.vendor != "sqlite":
        rows = rows.select_for_update()
    found = rows.first()
    said = fields_of([found.audit_event_id]).get(found.audit_event_id) if found else None
    if found is None or said is None:
        raise NotVisible
    return found, said


def waiting_for(
    person: UUID, quarter: str, *, actor: Actor, now: datetime
) -> tuple[Unmasking, Shape] | None:
    """
    Return the actor's wish that waits already for a person in a quarter, if there is one.

    With it comes what was asked.
    """
    rows = list(
        Unmasking.objects.filter(
            quarter=quarter,
            state=actor.state,
            asker_id=UUID(actor.id),
            decision=None,
            open_until__gt=now,
        )
    )
    said = fields_of(row.audit_event_id for row in rows)
    wanted = str(person)
    return next(
        (
            (row, said[row.audit_event_id])
            for row in rows
            if said.get(row.audit_event_id, {}).get("person") == wanted
        ),
        None,
    )


def unmaskings_of(actor: Actor, *, now: datetime) -> list[Shape]:
    """
    Return the wishes of the actor's State, newest first; names only for whom they are.

    A wish whose event was erased is no longer there.
    """
    names = unmasked_for(actor.id, now=now)
    found = Unmasking.objects.filter(state=actor.state).select_related(
        "asker", "decision__decider", "notice"
    )
    found = found.prefetch_related("deferrals__asker", "deferrals__decision__decider")
    rows = list(found.order_by("-asked_at")[: limits.AUDITS])
    said = fields_of(row.audit_event_id for row in rows)
    known = looked_up(str(one["person"]) for one in said.values())
    mask = Mask(actor.state, names=names)
    return [
        asked_shape(row, said[row.audit_event_id], reader=actor.id, now=now)
        | {"quarter": row.quarter, "until": row.decision.until if _given(row) else None}
        | _telling(row, actor, now)
        | _person(mask, said[row.audit_event_id]["person"], row.quarter, known)
        for row in rows
        if row.audit_event_id in said
    ]


def _person(mask: Mask, person: str, quarter: str, known: Known) -> Shape:
    """Return how the person of a wish is called, as beside an act of its quarter."""
    shown = mask.person(person, known, pseudonyms.bounds(quarter)[0])
    assert shown is not None  # noqa: S101 - a wish is about somebody
    return {"pseudonym": shown["pseudonym"], "name": shown["name"]}


def digest_of_unmasking(row: Unmasking, said: Shape) -> str:
    """Return the digest of a wish to know a name, as an auditor of its State is shown it."""
    known = looked_up([str(said["person"])])
    pseudonym = str(_person(Mask(row.state), said["person"], row.quarter, known)["pseudonym"])
    return wish_digest("unmasking", row, said, pseudonym, row.quarter)


def _given(row: Unmasking) -> bool:
    answer = answer_to(row)
    return answer is not None and answer.agreed


def _telling(row: Unmasking, actor: Actor, now: datetime) -> Shape:
    """Return when the person of an agreed wish is told, and what was asked about that."""
    if not _given(row):
        return {"tells_at": None, "told_at": None, "deferrals": []}
    deferrals = sorted(row.deferrals.all(), key=lambda one: one.asked_at)
    said = fields_of(one.audit_event_id for one in deferrals)
    return {
        "tells_at": telling.due_at(row),
        "told_at": row.notice.told_at if hasattr(row, "notice") else None,
        "deferrals": [
            asked_shape(one, said.get(one.audit_event_id, {}), reader=actor.id, now=now)
            | {"until": one.until}
            for one in deferrals
        ],
    }
