"""Moving a request along its stages: every move is signed, and of two that meet one is late."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import rfc8785
from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.calendars import zones
from casehub.cases.queries.keeping import require_open
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.retries import digest_of, require_same
from casehub.directory import policies as directory
from casehub.directory import statements

from .. import codes, notify, policies, queries, screening, states
from ..codes import Said
from ..errors import MoveBehind, MoveIncomplete, MoveNotReady, MoveVersionBehind
from ..events import DossierRead, MoveMade
from ..models import Move, Request
from ..policies import Party
from ..statements import Moved
from ..states import Act, Arrow, Side
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
        `key-not-in-force`, `signature-refused`.
    """
    found = queries.dossier_for(actor, request_id, lock=True)
    told = rfc8785.dumps(said.as_json()).decode()
    asked = digest_of(found.id, step, number, version, digest, on, issued, told, signature.hex())
    known = Move.objects.filter(person_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return
    require_fresh(actor, now)
    require_open(found.case)
    moves = queries.moves_of(found)
    # Judged by what the actor's State sees: a refusal tells it nothing more.
    party: Party = queries.party_of(actor, found)
    seen = queries.seen_by(party.side, found, moves)
    if number != seen.number:
        raise MoveBehind(seen.number - 1)
    if (version, digest) != (seen.version, seen.digest):
        raise MoveVersionBehind(seen.version)
    arrow = _require_arrow(seen, step, party, proof=said.proof)
    signed = statements.instant(issued)
    require(directory.why_not_dated(issued=signed, now=now))
    _require_day(found, arrow, said, seen.moves, on=on, signed=signed, state=actor.state)
    _require_said(found, arrow, said, seen.moves, now=now)
    key, device = queries.signing_key(actor, central=arrow.who == states.CENTRAL, now=now)
    moved = Moved(
        request=str(found.id),
        number=number,
        act=step.value,
        before=arrow.before.value,
        after=arrow.after.value,
        version=version,
        digest=digest,
        on=on.isoformat(),
        issued=issued,
        said=said.as_json(),
    )
    if not moved.signed_by(key, signature):
        raise Refused("signature-refused")
    event = _event(found, moved, said, abroad=_is_told_abroad(step, moves))
    act = audit.services.record(event, actor=actor.id, at=now)
    made = Move.objects.create(
        request=found,
        number=number,
        act=moved.act,
        before=moved.before,
        after=moved.after,
        side=arrow.side.value,
        person_id=actor.id,
        state=actor.state,
        device=device,
        key=key,
        at=now,
        on=on,
        issued=issued,
        version=version,
        digest=digest,
        said=said.as_json(),
        signature=signature,
        client_id=client_id,
        request_digest=asked,
        audit_event_id=act,
    )
    end_with(found, actor=actor, now=now)
    found.stage = moved.after
    found.save(update_fields=["stage"])
    notify.request_changed(found.id, queries.told_of(found, [*moves, made]))


def _require_arrow(seen: queries.Seen, act: Act, party: Party, *, proof: str) -> Arrow:
    """Return along which arrow a party does `act` now, or refuse."""
    steps = queries.steps_of(seen.moves)
    require(policies.why_not_move(party, act, seen.stage, steps))
    arrow = policies.arrow_for(party, act, seen.stage, steps)
    assert arrow is not None  # noqa: S101 - the policy refused whoever has none
    require(policies.why_not_proven(arrow, party, proof=proof))
    return arrow


def _require_day(
    request: Request,
    arrow: Arrow,
    said: Said,
    moves: Sequence[Move],
    *,
    on: date,
    signed: datetime,
    state: str,
) -> None:
    """
    Refuse a move of a day that cannot be, or that names one which is over by then.

    Judged by what is signed and the States alone, as every browser judges it again.
    """
    asked = request.requested_state
    clocks = policies.clocks_of(arrow.side, state, requested_state=asked)
    first = (request.saved_at or request.opened_at).astimezone(policies.WEST).date()
    for one in moves:
        told = policies.clocks_of(Side(one.side), one.state, requested_state=asked)
        first = max(first, policies.first_day(policies.Dated(one.on, told), clocks))
    require(
        policies.why_not_on(
            on, first=first, signed=signed, due=said.due, keep_until=said.keep_until
        )
    )


def _require_said(
    request: Request, arrow: Arrow, said: Said, moves: Sequence[Move], *, now: datetime
) -> None:
    """Refuse a move that says too little or too much, or that the law forbids today."""
    facts, act, today = request.disclosed, arrow.act, now.date()
    measures = len(facts["measures"])
    flaws = codes.flaws_of(act, said, rules=screening.rules(), measures=measures)
    if flaws:
        raise MoveIncomplete(flaws)
    answered = queries.answered_of(moves)
    require(policies.why_not_measures(act, said.measures, answered=answered, measures=measures))
    if act is Act.TRANSMIT:
        require(
            policies.why_not_by(
                said.channel,
                agreed=said.agreed,
                urgency=facts["urgency"],
                measures=facts["measures"],
            )
        )
    if act is Act.CONFIRM:
        ways = [(one.act, one.said["channel"], one.at) for one in moves]
        require(policies.why_not_confirm(ways))
    if act is Act.EXPIRE:
        require(policies.why_not_expire(facts["deadline"], today=_day_in_both(request, now)))
    if act is Act.AUTHORISE:
        require(policies.why_not_by_law_of(facts["law_date"], today=today))
    if act in {Act.AUTHORISE, Act.TRANSMIT}:
        require(policies.why_not_send(request.requested_state))
        aside = queries.overridden_in(request)
        blocking = screening.blocking(facts, overridden=aside, today=today.isoformat())
        if blocking:
            raise MoveNotReady(blocking)


def _day_in_both(request: Request, now: datetime) -> date:
    """Return the day that has begun in both States: the one before it is over in both."""
    states_of = (request.requesting_state, request.requested_state)
    return min(zones.day_of(now, zones.zone_of(state)) for state in states_of)


def _is_told_abroad(act: Act, moves: Sequence[Move]) -> bool:
    return len(moves) in states.told_abroad([*(one.act for one in moves), act])


def _event(request: Request, moved: Moved, said: Said, *, abroad: bool) -> MoveMade:
    """Return the event of a move; the requested State hears of those that are told to it."""
    both = (request.requesting_state, request.requested_state)
    plain = {"channel", "language", "due", "keep_until"}
    listed = {"codes", "measures", "conditions"}
    told = [f"{name}:{getattr(said, name)}" for name in sorted(plain) if getattr(said, name)]
    told += [f"{name}:{one}" for name in sorted(listed) for one in getattr(said, name)]
    told += [name for name in ("agreed", "consulted") if getattr(said, name)]
    return MoveMade(
        states=both if abroad else both[:1],
        request=str(request.id),
        number=moved.number,
        step=moved.act,
        before=moved.before,
        after=moved.after,
        version=moved.version,
        on=moved.on,
        said=tuple(told),
        rules=said.rules,
        evidence=said.evidence,
        proof=said.proof,
        digest=hashlib.sha256(moved.signed_bytes()).hexdigest(),
    )


@transaction.atomic
def read_dossier(*, request_id: UUID, actor: Actor, now: datetime) -> None:
    """
    Log that `actor` looks into a dossier, before they see it.

    :raises NotVisible: if they are no party to the request.
    """
    found = queries.dossier_for(actor, request_id)
    both = (found.requesting_state, found.requested_state)
    event = DossierRead(
        states=both if _is_shown_abroad(found, actor) else both[:1], request=str(found.id)
    )
    audit.services.record(event, actor=actor.id, at=now)


def _is_shown_abroad(request: Request, actor: Actor) -> bool:
    """Say whether what somebody looks at is what both States see, not what one has to itself."""
    moves = queries.moves_of(request)
    if not any(one.act == states.KNOWN_ABROAD for one in moves):
        return False
    there = queries.stage_seen_by(Side.REQUESTED, request, moves)
    return queries.side_of(actor, request) is Side.REQUESTED or there == request.stage
