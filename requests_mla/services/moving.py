"""Moving a request along its stages: every move is signed, and of two that meet one is late."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.cases.queries.keeping import require_open
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.retries import require_same

from .. import notify, queries, states
from ..codes import Said
from ..events import DossierRead
from ..models import Move, Proposal, Request
from ..policies import seconding
from ..proposing import Wish, asked_of, event_of, require_signed
from ..statements import Moved
from ..states import Act, Side
from .consulting import end_with


def begin(
    wish: Wish,
    *,
    into: type[Move | Proposal],
    request_id: UUID,
    client_id: UUID,
    actor: Actor,
    now: datetime,
) -> tuple[Request, str] | None:
    """
    Return the request, held, in which somebody signs a step, and what two tries have in common.

    None if it was done: by this author, under this id, `into` the same table. A step and a proposal
    share their ids, for a proposal that is confirmed is a step of its own id.

    :raises NotVisible: if the actor is no party to the request.
    :raises Refused: `id-reused`, `step-up-needed`, `case-closed`.
    """
    found = queries.dossier_for(actor, request_id, lock=True)
    asked = asked_of(found, wish)
    mine = {"person_id": UUID(actor.id), "client_id": client_id}
    known = into.objects.filter(**mine).first()
    if known:
        require_same(known.request_digest, asked)
        return None
    other: type[Move | Proposal] = Proposal if into is Move else Move
    if other.objects.filter(**mine).exists():
        raise Refused("id-reused")
    require_fresh(actor, now)
    require_open(found.case)
    return found, asked


def keep_move(request: Request, moved: Moved, **told: Any) -> Move:
    """Keep a step that is done, as it was signed: the request stands where it leads."""
    made = Move.objects.create(
        request=request,
        number=moved.number,
        act=moved.act,
        before=moved.before,
        after=moved.after,
        issued=moved.issued,
        version=moved.version,
        digest=moved.digest,
        said=dict(moved.said),
        form=moved.form,
        **told,
    )
    request.stage = moved.after
    request.save(update_fields=["stage"])
    return made


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
    begun = begin(wish, into=Move, request_id=request_id, client_id=client_id, actor=actor, now=now)
    if begun is None:
        return
    found, asked = begun
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
