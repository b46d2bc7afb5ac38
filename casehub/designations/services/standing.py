"""Saying once a quarter that a State's directory is still true; and the clock, if nobody does."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor
from casehub.core.errors import require
from casehub.directory import services as directory
from casehub.directory.models import Notice

from .. import policies
from ..events import StandingConfirmed, StandingMissed
from ..models import MissedStanding, StandingConfirmation
from ..queries import standing


@transaction.atomic
def confirm_standing(*, digest: str, actor: Actor, now: datetime) -> int:
    """
    Confirm the list of the actor's State that `digest` names; return how many are in it.

    :raises Refused: `step-up-needed`; `standing-changed` if the list is another by now.
    """
    require_fresh(actor, now)
    people, present = standing.list_of(actor.state, now)
    require(policies.why_not_confirm(seen=digest, now_is=present))
    event = StandingConfirmed(
        states=(actor.state,), state=actor.state, digest=present, count=len(people)
    )
    StandingConfirmation.objects.create(
        state=actor.state,
        by_id=actor.id,
        at=now,
        digest=present,
        count=len(people),
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return len(people)


@transaction.atomic
def miss_standing(
    *, state: str, due_at: datetime, actor: Actor | None = None, now: datetime
) -> bool:
    """
    Tell all States that one's directory was not confirmed by `due_at`; nobody did it.

    Of two processes that come to it at once one is refused by the table. False if there is nothing
    to tell (any more).
    """
    if standing.due_of(state) != due_at or due_at > now:
        return False
    if MissedStanding.objects.filter(state=state, due_at=due_at).exists():
        return False
    event = StandingMissed(states=(state,), state=state, due=due_at.strftime("%Y-%m-%d"))
    act = audit.services.record(event, actor=actor.id if actor else "", at=now)
    MissedStanding.objects.create(state=state, due_at=due_at, audit_event_id=act)
    directory.give(kind=Notice.Kind.UNCONFIRMED, state=state, act=act, now=now)
    return True
