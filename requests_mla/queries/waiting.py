"""
Reading which requests wait for somebody's step: those who can do it, and nobody else.

What stands is told, how urgent it is and since when, and nothing of what it is about. Where the
requested State has nobody here its steps are before nobody: they wait for it, not for whoever
records what it did.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from casehub.cases import queries as cases
from casehub.core.actor import Actor

from .. import policies
from ..codes import URGENT
from ..models import Attestation, Consultation, Move, Request, Version
from ..policies import waiting
from ..states import Act, Arrow, Stage
from .dossiers import side_of
from .proposals import proposals_waiting

Shape = dict[str, Any]


def steps_wanted(actor: Actor, *, now: datetime) -> list[Shape]:
    """Return which requests wait for `actor`'s step, the urgent first, then the longest waiting."""
    held = actor.roles_in_office
    reads = cases.readable(actor).filter(id=OuterRef("circle"))
    rows = Request.objects.annotate(reads=Exists(reads), wrote=Exists(_written_by(actor)))
    own = Q(reads=True) if held & policies.MAY_READ else Q(pk__in=[])
    if held & policies.CENTRAL:
        own |= Q(requesting_state=actor.state) | Q(requested_state=actor.state)
    stages = [one.value for one in waiting.STAGES]
    rows = rows.filter(own, stage__in=stages, case__closed_at=None)
    # What leaves it where it is, as a confirmation in writing, brought it nowhere.
    done = Move.objects.filter(request=OuterRef("pk")).exclude(before=F("after"))
    last = done.order_by("-number")
    rows = rows.annotate(
        came_by=Subquery(last.values("act")[:1]),
        came_to=Subquery(last.values("after")[:1]),
        came_at=Subquery(last.values("at")[:1]),
        ready_at=Subquery(_called_ready().values("at")[:1]),
        told_at=Subquery(_told_to_change().values("ended_at")[:1]),
    )
    before = [(one, turn) for one in rows if (turn := _turn_of(actor, one)) is not None]
    signed = set()
    if any(turn.act is Act.EXECUTE for _, turn in before):
        # What is wanted is signed already, and waits for its second hand.
        signed = {one.request_id for one in proposals_waiting(actor.state, now=now)}
    found = [
        _shape(one) for one, turn in before if turn.act is not Act.EXECUTE or one.id not in signed
    ]
    return sorted(found, key=lambda one: (not one["urgent"], one["at"], str(one["request"])))


def _written_by(actor: Actor) -> Any:
    return Version.objects.filter(request=OuterRef("pk"), person_id=actor.id)


def _called_ready() -> Any:
    """Return by what the newest version was called ready, the first word of it first."""
    of_newest = Attestation.objects.filter(
        version__request=OuterRef("pk"), version__number=OuterRef("version")
    )
    return of_newest.filter(ready=True).order_by("id")


def _told_to_change() -> Any:
    """Return the answers to what was asked informally by which a draft is to be changed."""
    outcomes = [one for one, act in policies.ANSWERED_BY.items() if act is Act.SUGGEST_CHANGES]
    answered = Consultation.objects.filter(request=OuterRef("pk"), outcome__in=outcomes)
    return answered.order_by("-ended_at")


def _turn_of(actor: Actor, request: Any) -> Arrow | None:
    """Return the step that waits for somebody, if any does."""
    stage = Stage(request.stage)
    by = Act(request.came_by) if request.came_to == stage else None
    turn = waiting.step_wanted(stage, by)
    if turn is None or not waiting.is_before(
        turn,
        side=side_of(actor, request),
        roles=policies.roles_on(
            actor.roles_in_office | actor.functions_in_office, reads=request.reads
        ),
        wrote=request.wrote or str(request.drafter_id) == actor.id,
    ):
        return None
    return turn


def _since(request: Any) -> datetime:
    """Return when a request came to where it stands: by a step, or by what is signed elsewhere."""
    came = [request.came_at] if request.came_to == request.stage else []
    if request.stage == Stage.READY:
        came = [request.ready_at]
    elif request.stage == Stage.NEEDS_CHANGES:
        came.append(request.told_at)
    known: datetime = max(filter(None, came), default=request.saved_at or request.opened_at)
    return known


def _shape(request: Any) -> Shape:
    return {
        "request": request.id,
        "requesting_state": request.requesting_state,
        "requested_state": request.requested_state,
        "stage": request.stage,
        "urgent": request.disclosed["urgency"] in URGENT,
        "at": _since(request),
    }
