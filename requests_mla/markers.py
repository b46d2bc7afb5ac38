"""
Renewing an editing turn: a signal, not an act, so without an event.

The act is taking the turn; a browser renews it while its person writes.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from casehub.core.actor import Actor
from casehub.core.errors import require

from . import notify, policies, queries
from .errors import TurnTaken
from .states import Stage


@transaction.atomic
def renew_turn(*, request_id: UUID, actor: Actor, now: datetime) -> None:
    """
    Keep the actor's editing turn for another `policies.TURN` from now.

    :raises NotVisible: if the actor does not read the draft.
    :raises TurnTaken: if it ran out and somebody else has it.
    :raises Refused: `turn-needed` if it ran out, or was never theirs; `stage-closed`.
    """
    found = queries.request_for(actor, request_id, lock=True)
    turn = queries.turn_of(found, now)
    if turn is not None and str(turn.person_id) != actor.id:
        raise TurnTaken(person=str(turn.person_id), until=turn.until)
    holder = str(turn.person_id) if turn else None
    require(policies.why_not_write(actor=actor, holder=holder, stage=Stage(found.stage)))
    assert turn is not None  # noqa: S101 - the policy refused a draft nobody edits
    turn.until = now + policies.TURN
    turn.save(update_fields=["until"])
    notify.request_changed(found.id, queries.readers_of(found))
