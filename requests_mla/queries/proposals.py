"""
Reading steps that wait for a second hand: the requested State's own, until it is there.

Before whom they are is told by office: who is told of the request and did not sign first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from casehub.core.actor import Actor
from casehub.core.frames import to_b64u
from casehub.directory import queries as directory
from casehub.directory.models import Person

from .. import policies
from ..codes import ANSWERS_MEASURES
from ..models import Move, Proposal, Request
from ..policies import seconding
from ..policies.seconding import Hand, Wait
from ..states import Side, Stage, arrows_at
from .days import Standing

Shape = dict[str, Any]
WANTED = "request-second"


def proposal_at(request: Request, number: int) -> Proposal | None:
    """Return what was proposed last as the step of this number, if anything was."""
    rows = request.proposals.filter(number=number).select_related("person", "decider")
    return rows.order_by("-id").first()


def newest_proposal(request: Request, actor: Actor) -> Proposal | None:
    """Return what the actor's State proposed last, if they are of the State that is asked."""
    rows = request.proposals.filter(state=actor.state).select_related("person")
    return rows.order_by("-id").first()


def wait_of(row: Proposal, *, now: datetime) -> Wait:
    """Return how a proposed step stands."""
    stands = bool(row.outcome) or _stands(row)
    return seconding.wait_of(outcome=row.outcome, lapses_at=row.lapses_at, stands=stands, now=now)


def _stands(row: Proposal) -> bool:
    """Say whether the first hand still counts: in force as such, never stopped since, same key."""
    return bool(_standing([row]))


def _standing(rows: Sequence[Proposal]) -> list[Proposal]:
    """Return those of one State's proposals whose first hand counts, in as few questions as one."""
    if not rows:
        return []
    held = directory.people_with({one.person_id for one in rows}, roles=policies.CENTRAL)
    cut = directory.cut_off_among(rows[0].state, [(one.person_id, one.at) for one in rows])
    left = [one for one in rows if one.person_id in held and (one.person_id, one.at) not in cut]
    keys = [(one.person_id, bytes(one.key)) for one in left]
    signing = directory.signing_now(keys, roles=policies.CENTRAL)
    return [one for one, hand in zip(left, keys, strict=True) if hand in signing]


def proposals_waiting(state: str, *, now: datetime) -> list[Proposal]:
    """Return what a State proposed that waits: in time, behind no step, its first hand counting."""
    rows = Proposal.objects.filter(state=state, outcome="", lapses_at__gt=now)
    rows = rows.filter(request__case__closed_at=None).select_related("person")
    rows = rows.annotate(newest=Max("request__moves__number"))
    return _standing([row for row in rows if row.number == (row.newest or 0) + 1])


def name_of(actor: Actor) -> str:
    """Return under which name somebody is in the directory."""
    return Person.objects.values_list("name", flat=True).get(id=actor.id)


def told_of_proposals(request: Request) -> list[UUID]:
    """Return who is told of a proposed step: those of the requested State who may decide on it."""
    return directory.holders_of(request.requested_state, policies.TOLD)


def hands_beside(request: Request, first: Hand) -> list[Hand]:
    """
    Return who of the requested State can put the second hand beside this first one, by name.

    A coordinator signs with a device: who has none is not among them.
    """
    ids = told_of_proposals(request)
    people = directory.people_with(ids, roles=policies.TOLD)
    equipped = {one.person_id for one in directory.active_devices(ids)}
    among = [
        Hand(str(one.id), one.name)
        for one in people.values()
        if one.role_set & policies.CENTRAL or one.id in equipped
    ]
    return sorted(seconding.others_than(first, among), key=lambda one: (one.name, one.person))


def seconding_shape(
    actor: Actor,
    request: Request,
    *,
    side: Side,
    stage: Stage,
    number: int,
    facts: Mapping[int, str],
) -> Shape:
    """
    Return what is proposed as the next step, and who can be the second hand; of one's State.

    Neither where no step takes two at that stage. `facts` are the digests of the disclosed facts,
    by version.
    """
    if side is not Side.REQUESTED or not any(arrows_at(one, stage) for one in ANSWERS_MEASURES):
        return {"proposal": None, "hands": []}
    row = proposal_at(request, number)
    first = Hand(actor.id, name_of(actor))
    if row is not None and row.outcome == "":
        first = Hand(str(row.person_id), row.person.name)
    hands = [{"person": one.person, "name": one.name} for one in hands_beside(request, first)]
    return {"proposal": row and _shape(row, facts), "hands": hands}


def _shape(row: Proposal, facts: Mapping[int, str]) -> Shape:
    return {
        "number": row.number,
        "act": row.act,
        "before": row.before,
        "after": row.after,
        "person": row.person_id,
        "name": row.person.name,
        "state": row.state,
        "side": row.side,
        "key": to_b64u(row.key),
        "at": row.at,
        "on": row.on.isoformat(),
        "issued": row.issued,
        "version": row.version,
        "digest": row.digest,
        "said": row.said,
        "form": row.form,
        "signature": to_b64u(row.signature),
        "disclosed": facts[row.version],
        "step": row.step,
        "lapses_at": row.lapses_at,
        "outcome": row.outcome,
        "reason": row.reason,
        "decider": row.decider.name if row.decider else "",
        "stopped": row.outcome == "" and not _stands(row),
    }


def second_shape(move: Move) -> Shape | None:
    """Return the second hand under a step, with all that a browser checks; None if it has none."""
    row = move.proposal
    if row is None:
        return None
    assert row.decider is not None  # noqa: S101 - nothing is done before somebody confirmed it
    return {
        "person": row.decider_id,
        "name": row.decider.name,
        "state": row.state,
        "device": row.device_id,
        "key": to_b64u(row.second_key or b""),
        "issued": row.second_issued,
        "signature": to_b64u(row.second_signature or b""),
    }


def seconds_wanted(actor: Actor, *, now: datetime) -> list[Standing]:
    """Return until when proposed steps wait for the second hand of `actor`, or of a colleague."""
    if not actor.roles_in_office & policies.TOLD:
        return []
    waiting = proposals_waiting(actor.state, now=now)
    if not waiting:
        return []
    mine = Hand(actor.id, name_of(actor))
    return [
        Standing(WANTED, row.lapses_at, row.state, None, request=row.request_id)
        for row in waiting
        if not seconding.is_same(Hand(str(row.person_id), row.person.name), mine)
    ]
