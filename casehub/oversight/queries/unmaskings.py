"""Wishes to know who somebody is, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

from .. import limits
from ..models import Unmasking
from .knowing import unmasked_for

Shape = dict[str, Any]


def unmasking_for(actor: Actor, unmasking: UUID, *, lock: bool = False) -> Unmasking:
    """
    Return a wish of the actor's State, with `lock` held until the transaction ends.

    :raises NotVisible: if there is none such.
    """
    rows = Unmasking.objects.filter(id=unmasking, state=actor.state)
    if lock and connection.vendor != "sqlite":
        rows = rows.select_for_update()
    found = rows.first()
    if found is None:
        raise NotVisible
    return found


def stage_of(row: Unmasking, *, now: datetime) -> str:
    """Return open, expired, agreed, refused or over."""
    decision = getattr(row, "decision", None)
    if decision is None:
        return "open" if row.open_until > now else "expired"
    if not decision.agreed:
        return "refused"
    return "agreed" if decision.until is not None and decision.until > now else "over"


def unmaskings_of(actor: Actor, *, now: datetime) -> list[Shape]:
    """Return the wishes of the actor's State, newest first; names only for whom they are."""
    names = unmasked_for(actor.id, now=now)
    rows = Unmasking.objects.filter(state=actor.state).select_related(
        "person", "asker", "decision__decider"
    )
    return [_shape(row, actor, names, now) for row in rows.order_by("-asked_at")[: limits.AUDITS]]


def _shape(row: Unmasking, actor: Actor, names: set[str], now: datetime) -> Shape:
    decision = getattr(row, "decision", None)
    return {
        "id": row.id,
        "pseudonym": row.pseudonym,
        "quarter": row.quarter,
        "ground": row.ground,
        "reference": row.reference,
        "state": stage_of(row, now=now),
        "asked_at": row.asked_at,
        "asked_by": row.asker.name,
        "open_until": row.open_until,
        "decided_at": decision.decided_at if decision else None,
        "decided_by": decision.decider.name if decision else None,
        "until": decision.until if decision else None,
        "mine": str(row.asker_id) == actor.id,
        "name": row.person.name if str(row.person_id) in names else None,
    }
