"""Moving a request along its stages: every move is signed, and of two that meet one is late."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.cases.queries.keeping import require_open
from casehub.core.actor import Actor
from casehub.core.errors import require
from casehub.core.retries import require_same

from .. import notify, queries, states
from ..codes import Said
from ..events import DossierRead
from ..models import Move, Request
from ..policies import seconding
from ..proposing import Wish, asked_of, event_of, keep_move, require_signed
from ..states import Act, Side
from .consulting import end_with


@transaction.atomic
def make_move(
    *,
    request_id: UUID,
    client_id: UUID,
    step: Act,
    number: int,
    version: int,
    digest: str,
    on: date,
    issued: str,
    said: Said,
    signature: bytes,
    actor: Actor,
    now: datetime,
) -> None:
    """
    Do `step` to a request: its stage changes, and what was signed about it is kept for good.

    `number` is that of this move, counted from 1: it says what its author had before them, so that
    of two who act at once the second hears what the first did. `digest` is that of the version.

    :raises NotVisible: if the actor is no party to the request.
    :raises MoveBehind: if another move came first.
    :raises MoveVersionBehind: if it is not about the newest version.
    :raises MoveIncomplete: if it does not say what its act needs, or more, or what is not known.
    :raises MoveNotReady: if a blocking rule fails by today's law when it is authorised or sent.
    :raises Refused: `step-up-needed`, `id-reused`, `case-closed`; `move-not-here`,
        `move-not-yours`, `own-request`; `statement-stale`, `move-back-dated`, `move-ahead`,
        `move-due-before`, `addressee-needed`;
        `proof-needed`, `proof-not-asked`, `channel-urgent`, `channel-preservation`,
        `measures-differ`, `deadline-ahead`, `law-date-old`, `law-date-ahead`; `device-needed`,
        `key-not-in-force`, `signature-refused`; `second-hand-needed` where one hand does not do it.
    """
    wish = Wish(step, number, version, digest, on, issued, said, signature)
    found = queries.dossier_for(actor, request_id, lock=True)
    asked = asked_of(found, wish)
    known = Move.objects.filter(person_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return
    require_fresh(actor, now)
    require_open(found.case)
    signed = require_signed(found, wish, actor=actor, now=now)
    require(seconding.why_not_alone(two=signed.two))
    moves = queries.moves_of(found)
    act = audit.services.record(event_of(found, signed, moves), actor=actor.id, at=now)
    end_with(found, actor=actor, now=now)
    made = keep_move(
        found,
        signed.moved,
        side=signed.side.value,
        person_id=actor.id,
        state=actor.state,
        device=signed.device,
        key=signed.key,
        at=now,
        on=on,
        signature=signature,
        client_id=client_id,
        request_digest=asked,
        audit_event_id=act,
    )
    notify.request_changed(found.id, queries.told_of(found, [*moves, made]))


@transaction.atomic
def read_dossier(*, request_id: UUID, actor: Actor, now: datetime) -> None:
    """
    Log that `actor` looks into a dossier, before they see it.

    :raises NotVisible: if they are no party to the request.
    """
    found = queries.dossier_for(actor, request_id)
    event = DossierRead(states=_shown_to(found, actor), request=str(found.id))
    audit.services.record(event, actor=actor.id, at=now)


def _shown_to(request: Request, actor: Actor) -> tuple[str, ...]:
    """
    Return which States hear of a look: both where what is looked at is what both of them see.

    Else the one that has it to itself: the requesting State what was not sent, the requested one
    what is proposed there. How often its people look would tell the other one of that.
    """
    moves = queries.moves_of(request)
    both = (request.requesting_state, request.requested_state)
    if not any(one.act == states.KNOWN_ABROAD for one in moves):
        return both[:1]
    side = queries.side_of(actor, request)
    seen = queries.seen_by(Side.REQUESTED, request, moves)
    if side is Side.REQUESTED:
        return both if queries.proposal_at(request, seen.number) is None else both[1:]
    return both if seen.stage == request.stage else both[:1]
