"""Filters kept for the next time."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.accounts.sealing import seal
from casehub.core.actor import Actor
from casehub.core.errors import require

from .. import policies
from ..asking import Asked
from ..events import ViewRemoved, ViewSaved
from ..models import SavedView
from ..queries import views


@transaction.atomic
def save_view(*, asked: Asked, actor: Actor, now: datetime) -> UUID:
    """
    Keep a filter; return its id.

    :raises Refused: `views-full`.
    """
    held = SavedView.objects.filter(owner_id=UUID(actor.id), removed_at=None).count()
    require(policies.why_not_keep(count=held))
    view = uuid4()
    event = ViewSaved(states=(actor.state,), view=str(view))
    kept = json.dumps({"filter": asked.kept()})
    SavedView.objects.create(
        id=view,
        owner_id=actor.id,
        sealed=seal(kept.encode(), purpose=views.PURPOSE, bound_to=str(view)),
        saved_at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return view


@transaction.atomic
def remove_view(*, view: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Give a kept filter up; what it was is gone with it.

    :raises NotVisible: if it is another's, or not there any more.
    """
    row = views.view_of(actor, view)
    event = ViewRemoved(states=(actor.state,), view=str(row.id))
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.removed_at, row.sealed = now, b""
    row.save(update_fields=["audit_event_id", "removed_at", "sealed"])
    return row.id
