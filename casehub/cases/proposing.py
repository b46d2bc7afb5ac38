"""What an act that proposes States for a case is made of; the caller records the event."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor

from . import limits, notify, queries
from .events import StateProposed
from .models import Case, Joining


def require_proof(actor: Actor, now: datetime) -> None:
    """
    Pass only somebody who has shown a factor within the last minutes: they give a case away.

    The installation, which begins the demo's region, is in no session and shows none.

    :raises Refused: `step-up-needed`.
    """
    if actor.session:
        require_fresh(actor, now)


def proposal(
    case: Case,
    state: str,
    *,
    urgent: bool,
    client_id: UUID,
    request_digest: str,
    actor: Actor,
    now: datetime,
) -> tuple[Joining, StateProposed]:
    """Return a proposal, not stored yet, and what it leaves in the log."""
    row = Joining(
        case=case,
        state=state,
        urgent=urgent,
        proposer_id=UUID(actor.id),
        proposed_at=now,
        lapses_at=now + limits.JOINING_LASTS,
        client_id=client_id,
        request_digest=request_digest,
    )
    event = StateProposed(
        states=(case.state,),
        case=str(case.id),
        joining=str(row.id),
        state=state,
        urgent=urgent,
        digest=queries.digest_of_joining(row),
    )
    return row, event


def tell(row: Joining) -> None:
    """Have it looked up by those in the case, and by those of both States for whom it waits."""
    members = row.case.members.filter(removed_at=None).values_list("person_id", flat=True)
    notify.people_changed(members, [])
    notify.joining_changed(row.id, queries.told_of(row))
