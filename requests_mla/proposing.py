"""
Parts of the acts by which a request goes on: what one hand does and what two do have in common.

A step is judged by what its author's State sees, and by whose key it is signed. Whoever asks has
the request held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785

from casehub.calendars import zones
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.retries import digest_of
from casehub.directory import policies as directory
from casehub.directory import statements
from casehub.directory.models import Device

from . import codes, policies, queries, screening, states
from .codes import Said
from .errors import MoveBehind, MoveIncomplete, MoveNotReady, MoveVersionBehind
from .events import MoveMade
from .models import Move, Request
from .policies import Party, dating
from .statements import Moved, disclosed_digest
from .states import Act, Arrow, Side


@dataclass(frozen=True, slots=True)
class Wish:
    """A step as its author sends it: what they have signed, and the signature."""

    step: Act
    number: int
    version: int
    digest: str
    on: date
    issued: str
    said: Said
    signature: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """A step that is as the table and the law want it: by whose key; whether it takes two hands."""

    moved: Moved
    said: Said
    side: Side
    key: bytes
    device: Device | None
    two: bool


def asked_of(request: Request, wish: Wish) -> str:
    """Return what two tries of one step have in common."""
    told = rfc8785.dumps(wish.said.as_json()).decode()
    about = (wish.number, wish.version, wish.digest, wish.on, wish.issued)
    return digest_of(request.id, wish.step, *about, told, wish.signature.hex())


def require_signed(request: Request, wish: Wish, *, actor: Actor, now: datetime) -> Signed:
    """Return a step of a request that is held, or refuse what may not be, or is not signed so."""
    # Judged by what the actor's State sees: a refusal tells it nothing more.
    party: Party = queries.party_of(actor, request)
    seen = queries.seen_by(party.side, request, queries.moves_of(request))
    if wish.number != seen.number:
        raise MoveBehind(seen.number - 1)
    if (wish.version, wish.digest) != (seen.version, seen.digest):
        raise MoveVersionBehind(seen.version)
    arrow = _require_arrow(seen, wish.step, party, proof=wish.said.proof)
    signed = statements.instant(wish.issued)
    require(directory.why_not_dated(issued=signed, now=now))
    _require_day(request, arrow, wish, seen.moves, signed=signed, state=actor.state)
    _require_said(request, arrow, wish, seen, now=now)
    central = policies.is_central(arrow, party.roles)
    key, device = queries.signing_key(actor, central=central, now=now)
    moved = Moved(
        request=str(request.id),
        number=wish.number,
        act=wish.step.value,
        before=arrow.before.value,
        after=arrow.after.value,
        version=wish.version,
        digest=wish.digest,
        on=wish.on.isoformat(),
        issued=wish.issued,
        said=wish.said.as_json(),
        disclosed=disclosed_digest(seen.disclosed).hex(),
    )
    if not moved.signed_by(key, wish.signature):
        raise Refused("signature-refused")
    types = seen.disclosed["measures"]
    of = {"side": arrow.side, "state": party.side}
    two = codes.takes_two(wish.step, wish.said, types=types, mild=screening.mild(), **of)
    return Signed(moved, wish.said, arrow.side, key, device, two)


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
    wish: Wish,
    moves: Sequence[Move],
    *,
    signed: datetime,
    state: str,
) -> None:
    """
    Refuse a move of a day that cannot be, or that names one which is over by then.

    Judged by what is signed and the States alone, as every browser judges it again.
    """
    asked = request.requested_state
    clocks = dating.clocks_of(arrow.side, state, requested_state=asked)
    first = (request.saved_at or request.opened_at).astimezone(dating.WEST).date()
    for one in moves:
        told = dating.clocks_of(Side(one.side), one.state, requested_state=asked)
        first = max(first, dating.first_day(dating.Dated(one.on, told), clocks))
    require(
        dating.why_not_on(
            wish.on,
            first=first,
            signed=signed,
            due=wish.said.due,
            keep_until=wish.said.keep_until,
        )
    )


def _require_said(
    request: Request, arrow: Arrow, wish: Wish, seen: queries.Seen, *, now: datetime
) -> None:
    """Refuse a move that says too little or too much, or that the law forbids today."""
    facts, act, said, today = request.disclosed, arrow.act, wish.said, now.date()
    measures = len(facts["measures"])
    flaws = codes.flaws_of(act, said, rules=screening.rules(), measures=measures)
    if flaws:
        raise MoveIncomplete(flaws)
    sent = any(one.act == Act.TRANSMIT for one in seen.moves)
    require(codes.why_not_valued(said, types=facts["measures"], sent=sent))
    closed = set[int]().union(*queries.became(seen))
    require(policies.why_not_measures(act, said.measures, closed=closed, measures=measures))
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
        ways = [(one.act, one.said["channel"], one.at) for one in seen.moves]
        require(policies.why_not_confirm(ways))
    if act is Act.EXPIRE:
        both = _day_in_both(request, now)
        require(policies.why_not_expire(said, deadline=facts["deadline"], on=wish.on, today=both))
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


def event_of(
    request: Request, signed: Signed, moves: Sequence[Move], *, proposer: str = ""
) -> MoveMade:
    """
    Return the event of a step after those `moves`; the requested State hears of what it is told.

    `proposer` is the first hand's person, where whoever acts puts the second.
    """
    moved, said = signed.moved, signed.said
    both = (request.requesting_state, request.requested_state)
    told_there = states.told_abroad([*(one.act for one in moves), moved.act])
    plain = {"channel", "language", "due", "keep_until", "terms", "lapsed", "rests_on", "power"}
    listed = {"codes", "measures", "conditions", "assets"}
    told = [f"{name}:{getattr(said, name)}" for name in sorted(plain) if getattr(said, name)]
    told += [f"{name}:{one}" for name in sorted(listed) for one in getattr(said, name)]
    told += [name for name in ("agreed", "consulted") if getattr(said, name)]
    facts = _facts_sent(request) if moved.act == Act.TRANSMIT else {}
    return MoveMade(
        states=both if len(moves) in told_there else both[:1],
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
        digest=moved.digest_signed(),
        proposer=proposer,
        **facts,
    )


def _facts_sent(request: Request) -> dict[str, Any]:
    """
    Return what the version that is sent now disclosed to the State that it is sent to.

    Its measures stand in their order, for steps that answer some of them name their places.
    """
    facts = request.disclosed
    return {
        "requested": facts["requested_state"] or "",
        "measures": tuple(one or "" for one in facts["measures"]),
        "urgency": facts["urgency"] or "",
        "deadline": facts["deadline"] or "",
    }
