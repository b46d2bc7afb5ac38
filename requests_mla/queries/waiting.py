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

from .. import policies, states
from ..codes import URGENT
from ..models import Move, Request, Version
from ..policies import waiting
from ..policies.seconding import Wait
from ..states import Act, Stage
from .dossiers import side_of
from .proposals import newest_proposal, wait_of

Shape = dict[str, Any]
CENTRAL = frozenset(states.CENTRAL)


def steps_wanted(actor: Actor, *, now: datetime) -> list[Shape]:
    """Return which requests wait for `actor`'s step, the urgent first, then the longest waiting."""
    held = actor.roles_in_office
    reads = cases.readable(actor).filter(id=OuterRef("circle"))
    rows = Request.objects.annotate(reads=Exists(reads), wrote=Exists(_written_by(actor)))
    own = Q(reads=True) if held & policies.MAY_READ else Q(pk__in=[])
    if held & CENTRAL:
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
    )
    found = [_shape(one) for one in rows if _is_before(actor, one, now)]
    return sorted(found, key=lambda one: (not one["urgent"], one["at"], str(one["request"])))


def _written_by(actor: Actor) -> Any:
    return Version.objects.filter(request=OuterRef("pk"), person_id=actor.id)


def _is_before(actor: Actor, request: Any, now: datetime) -> bool:
    stage = Stage(request.stage)
    by = Act(request.came_by) if request.came_to == stage else None
    turn = waiting.step_wanted(stage, by)
    if turn is None or not waiting.is_before(
        turn,
        side=side_of(actor, request),
        roles=policies.roles_on(actor.roles_in_office, reads=request.reads),
        wrote=request.wrote or str(request.drafter_id) == actor.id,
    ):
        return False
    return turn.act is not Act.EXECUTE or not _is_proposed(actor, request, now)


def _is_proposed(actor: Actor, request: Request, now: datetime) -> bool:
    """Say whether what is wanted is signed already, and waits for its second hand."""
    row = newest_proposal(request, actor)
    return row is not None and wait_of(row, now=now) is Wait.WAITS


def _shape(request: Any) -> Shape:
    came = request.came_at if request.came_to == request.stage else None
    return {
        "request": request.id,
        "requesting_state": request.requesting_state,
        "requested_state": request.requested_state,
        "stage": request.stage,
        "urgent": request.disclosed["urgency"] in URGENT,
        "at": came or request.saved_at or request.opened_at,
    }
