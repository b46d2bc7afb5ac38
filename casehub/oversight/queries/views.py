"""Filters that somebody kept."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from casehub.accounts.sealing import unseal
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

from ..models import SavedView

PURPOSE = "saved-view"


def views_of(actor: Actor) -> list[dict[str, Any]]:
    """Return the actor's kept filters, the oldest first."""
    rows = SavedView.objects.filter(owner_id=UUID(actor.id), removed_at=None).order_by(
        "saved_at", "id"
    )
    return [
        {"id": row.id, "saved_at": row.saved_at}
        | json.loads(unseal(bytes(row.sealed), purpose=PURPOSE, bound_to=str(row.id)))
        for row in rows
    ]


def view_of(actor: Actor, view: UUID) -> SavedView:
    """
    Return one of the actor's kept filters.

    :raises NotVisible: if it is another's, or not there any more.
    """
    found = SavedView.objects.filter(id=view, owner_id=UUID(actor.id), removed_at=None).first()
    if found is None:
        raise NotVisible
    return found
