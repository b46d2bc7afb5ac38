"""Which designations wait for somebody's own hand, as their list says it."""

from __future__ import annotations

from datetime import datetime

from casehub.core import roles
from casehub.core.actor import Actor

from .. import policies
from .reading import designations_for

TAKES_PART = frozenset(roles.row_of("designations.designation.draft").who)


def awaiting(actor: Actor, *, now: datetime) -> list[datetime | None]:
    """Return, for each designation that wants the actor's hand, until when: None without a term."""
    if not actor.roles_in_office & TAKES_PART:
        return []
    return [
        row["due_at"]
        for row in designations_for(actor, now=now)
        if policies.wants_hand(
            stage=row["stage"],
            held=row["roles"],
            drafts=row["drafts"],
            own=str(row["person"]) == actor.id,
            signed=row["signed"],
            reminded=row["reminder"] is not None,
            reader=actor.roles_in_office,
        )
    ]
