"""
Steps that take two people: proposed by one, confirmed or declined by another of the same State.

Nothing moves until the second hand is there, and then all of it does in one transaction.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.cases.queries.keeping import require_open
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused, require
from casehub.directory import policies as directory
from casehub.directory import statements
from casehub.directory.services import hold_hands

from .. import notify, queries, states
from ..codes import TAKEN_BACK_FIRST, Said
from ..errors import MoveBehind
from ..events import MoveDeclined, MoveProposed
from ..models import Proposal, Request
from ..policies import seconding
from ..policies.seconding import Hand
from ..proposing import Signed, Wish, event_of, require_signed
from ..statements import Moved, Seconded
from ..states import Act, Side
from .moving import begin, keep_move


@transaction.atomic
def propose_move(
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
    Sign a step first that takes a second hand: it waits, and the request stays where it is.

    :raises NotVisible, MoveBehind, MoveVersionBehind, MoveIncomplete: as `make_move`.
    :raises Refused: as `make_move`; `id-reused` also of a step of theirs; `second-not-asked` if
        one hand does it, `second-asked` while somebody's proposal waits already.
    """
    wish = Wish(step, number, version, digest, on, issued, said, signature)
    begun = begin(
        wish, into=Proposal, request_id=request_id, client_id=client_id, actor=actor, now=now
    )
    if begun is None:
        return
    found, asked = begun
    signed = require_signed(found, wish, actor=actor, now=now)
    require(seconding.why_not_two(two=signed.two))
    before = queries.proposal_at(found, number)
    waits = None if before is None else queries.wait_of(before, now=now)
    require(seconding.why_not_propose(waits))
    lapses_at = seconding.lapses(now, urgency=found.disclosed["urgency"])
    moved = signed.moved
    event = MoveProposed(
        states=(found.requested_state,),
        request=str(found.id),
        number=number,
        step=moved.act,
        digest=moved.digest_signed(),
        due=lapses_at.isoformat(),
    )
    Proposal.objects.create(
        request=found,
        number=number,
        act=moved.act,
        before=moved.before,
        after=moved.after,
        side=signed.side.value,
        person_id=actor.id,
        state=actor.state,
        key=signed.key,
        at=now,
        on=on,
        issued=issued,
        version=version,
        digest=digest,
        said=dict(moved.said),
        form=moved.form,
        signature=signature,
        step=event.digest,
        lapses_at=lapses_at,
        client_id=client_id,
        request_digest=asked,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    notify.request_changed(found.id, queries.told_of_proposals(found))


@transaction.atomic
def confirm_move(
    *, request_id: UUID, step: str, issued: str, signature: bytes, actor: Actor, now: datetime
) -> None:
    """
    Put the second hand under the proposed step whose signed bytes have this SHA-256: it is done.

    :raises NotVisible: if the actor's State has nothing proposed in a request that they see.
    :raises MoveBehind: if another step came first.
    :raises Refused: `step-up-needed`, `case-closed`; `second-over`, `second-changed`,
        `second-hand-stopped`, `second-own`; `statement-stale`, `device-needed`,
        `key-not-in-force`, `signature-refused`.
    """
    found = queries.dossier_for(actor, request_id, lock=True)
    row = queries.newest_proposal(found, actor)
    if row is not None and row.outcome == Proposal.CONFIRMED:
        done = (str(row.decider_id), row.step, bytes(row.second_signature or b""))
        if done == (actor.id, step, signature):
            return  # tried again: answered like the first time
    require_fresh(actor, now)
    row = _held(row)
    require_open(found.case)
    moves = queries.moves_of(found)
    _require_waits(found, row, seen=step, now=now)
    central = bool(actor.roles_in_office.intersection(states.CENTRAL))
    key, device = queries.signing_key(actor, central=central, now=now)
    first = Hand(str(row.person_id), row.person.name, bytes(row.key))
    require(seconding.why_not_other(first, Hand(actor.id, queries.name_of(actor), key)))
    require(directory.why_not_dated(issued=statements.instant(issued), now=now))
    second = Seconded(
        request=str(found.id),
        number=row.number,
        step=row.step,
        first=first.person,
        signature=bytes(row.signature),
        issued=issued,
    )
    if not second.signed_by(key, signature):
        raise Refused("signature-refused")
    signed = _as_signed(row)
    event = event_of(found, signed, moves, proposer=first.person)
    act = audit.services.record(event, actor=actor.id, at=now)
    row.outcome, row.decider_id, row.decided_at = Proposal.CONFIRMED, UUID(actor.id), now
    row.device, row.second_key = device, key
    row.second_issued, row.second_signature = issued, signature
    row.audit_event_id = act
    row.save()
    made = keep_move(
        found,
        signed.moved,
        side=row.side,
        person_id=row.person_id,
        state=row.state,
        device=None,
        key=row.key,
        at=now,
        on=row.on,
        signature=row.signature,
        proposal=row,
        client_id=row.client_id,
        request_digest=row.request_digest,
        audit_event_id=act,
    )
    notify.request_changed(found.id, queries.told_of(found, [*moves, made]))


@transaction.atomic
def decline_move(*, request_id: UUID, step: str, reason: str, actor: Actor, now: datetime) -> None:
    """
    Say by a code why a proposed step is not confirmed; whoever proposed it takes it back so.

    :raises NotVisible: if the actor's State has nothing proposed in a request that they see.
    :raises MoveBehind: if another step came first.
    :raises Refused: `second-over`, `second-changed`, `second-hand-stopped`.
    """
    found = queries.dossier_for(actor, request_id, lock=True)
    row = _held(queries.newest_proposal(found, actor))
    _require_waits(found, row, seen=step, now=now)
    own = str(row.person_id) == actor.id
    event = MoveDeclined(
        states=(row.state,),
        request=str(found.id),
        number=row.number,
        step=row.act,
        digest=row.step,
        reason=TAKEN_BACK_FIRST if own else reason,
    )
    row.outcome, row.reason = Proposal.DECLINED, event.reason
    row.decider_id, row.decided_at = UUID(actor.id), now
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save()
    notify.request_changed(found.id, queries.told_of_proposals(found))


def _held(row: Proposal | None) -> Proposal:
    """Return the newest step that the actor's State proposed, with its first hand held."""
    if row is None:
        raise NotVisible
    # A stop of the first hand comes before this act, or after it.
    hold_hands(row.state, [row.person_id])
    return row


def _require_waits(request: Request, row: Proposal, *, seen: str, now: datetime) -> None:
    wait = queries.wait_of(row, now=now)
    require(seconding.why_not_second(wait, step=row.step, seen=seen))
    # Whoever has the second hand hears of no step that their State is not told of.
    seen_there = queries.seen_by(Side.REQUESTED, request, queries.moves_of(request))
    if row.number != seen_there.number:
        raise MoveBehind(seen_there.number - 1)


def _as_signed(row: Proposal) -> Signed:
    """Return a step as its first hand has signed it."""
    moved = Moved(
        request=str(row.request_id),
        number=row.number,
        act=row.act,
        before=row.before,
        after=row.after,
        version=row.version,
        digest=row.digest,
        on=row.on.isoformat(),
        issued=row.issued,
        said=row.said,
        disclosed=queries.facts_signed(row.request, [row.version])[row.version],
        form=row.form,
    )
    return Signed(moved, Said.of(row.said), Side(row.side), bytes(row.key), None, two=True)
