"""Telling focal points of a State something out of a case that it is not in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.cases import circles
from casehub.cases import queries as cases
from casehub.cases.models import Circle
from casehub.cases.proposing import require_proof
from casehub.cases.queries.keeping import require_open
from casehub.cases.waiting import fresh_among
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.retries import digest_of, require_same
from casehub.directory import queries as directory
from casehub.directory.functions import FOCAL_POINT

from .. import policies
from ..events import NoteSent
from ..models import Note


@transaction.atomic
def send_note(
    *,
    case: UUID,
    client_id: UUID,
    state: str,
    people: Sequence[UUID],
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Make the circle in which `people` of `state` are told something, and return the note's id.

    They read nothing of the case: to them it is not there.

    :raises NotVisible: if the actor is not in the case.
    :raises Refused: `step-up-needed`; `unknown-state`; `note-state-in` if the State is in the case
        already; `note-nobody` if nobody in force of it is a focal point, as in a stopped State;
        `note-person` if one of `people` is not; `person-limited`, with the moment, while the actor
        or one of them has to wait for what several States read; `case-closed`, `id-reused`.
    """
    asked = digest_of(case, state, *sorted(map(str, people)))
    used = cases.has_opened(UUID(actor.id), client_id)
    known = Note.objects.filter(sender_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.id
    if used:
        raise Refused("id-reused")
    require_proof(actor, now)
    found = cases.case_for(actor, case, lock=True)
    require_open(found)
    chosen = sorted(set(people))
    require(
        policies.why_not_send(
            own=actor.state,
            state=state,
            known=directory.state_codes(),
            joined=found.state_set,
            focal=directory.carriers_of(state, FOCAL_POINT),
            people=chosen,
        )
    )
    readers = [UUID(actor.id), *chosen]
    waiting = fresh_among(readers, now=now)
    if waiting:
        raise Refused("person-limited", until=max(waiting.values()))
    note, circle = uuid4(), uuid4()
    event = NoteSent(
        states=(actor.state, state),
        first_line=str(note),
        circle=str(circle),
        state=state,
        people=tuple(map(str, chosen)),
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    placed = circles.place(
        circle=circle,
        case=found,
        kind=Circle.Kind.NOTE,
        opener=UUID(actor.id),
        people=readers,
        client_id=client_id,
        request_digest=asked,
        act=act,
        now=now,
    )
    Note.objects.create(
        id=note,
        case=found,
        circle=placed,
        sender_id=UUID(actor.id),
        sender_state=actor.state,
        state=state,
        sent_at=now,
        client_id=client_id,
        request_digest=asked,
        audit_event_id=act,
    )
    return note
