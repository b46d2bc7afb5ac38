"""The editing turn: one person writes at a time, and nobody waits for whoever went home."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.cases.queries.keeping import require_open
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require

from .. import notify, policies, queries
from ..errors import TurnTaken
from ..events import TurnGivenBack, TurnTakenUp
from ..models import Turn
from ..states import Stage


@transaction.atomic
def take_turn(*, request_id: UUID, client_id: UUID, actor: Actor, now: datetime) -> None:
    """
    Take the editing turn of a draft, also one that ran out or whose person reads it no more.

    :raises NotVisible: if the actor does not read the draft.
    :raises TurnTaken: if somebody else has it.
    :raises Refused: `id-reused`; `case-closed`, `stage-closed` if the draft takes no further
        version.
    """
    found = queries.request_for(actor, request_id, lock=True)
    known = Turn.objects.filter(person_id=UUID(actor.id), client_id=client_id).first()
    if known:
        if known.request_id != found.id:
            raise Refused("id-reused")
        return
    require_open(found.case)
    turn = queries.turn_of(found, now)
    if turn is not None and str(turn.person_id) != actor.id:
        raise TurnTaken(person=str(turn.person_id), until=turn.until)
    require(policies.why_not_edit(Stage(found.stage)))
    found.turns.filter(ended_at=None).update(ended_at=now)
    event = TurnTakenUp(states=(found.requesting_state,), request=str(found.id))
    Turn.objects.create(
        request=found,
        person_id=actor.id,
        taken_at=now,
        until=now + policies.TURN,
        client_id=client_id,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    notify.request_changed(found.id, queries.readers_of(found))


@transaction.atomic
def give_back_turn(*, request_id: UUID, actor: Actor, now: datetime) -> None:
    """
    Give the actor's editing turn back; without one nothing happens, so a retry is answered alike.

    :raises NotVisible: if the actor does not read the draft.
    """
    found = queries.request_for(actor, request_id, lock=True)
    turn = queries.turn_of(found, now)
    if turn is None or str(turn.person_id) != actor.id:
        return
    event = TurnGivenBack(states=(found.requesting_state,), request=str(found.id))
    turn.ended_at = now
    turn.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    turn.save(update_fields=["ended_at", "audit_event_id"])
    notify.request_changed(found.id, queries.readers_of(found))
