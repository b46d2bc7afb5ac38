"""
Reading consultations: in their circle by whoever asked and was asked, as a fact by more.

Those who draft the request, and who of its State sees its dossier, learn that there was one: with
which State, when, and its outcome; so does its central authority at once, whatever comes of it. To
everybody else of the requested State there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from casehub.cases import queries as cases
from casehub.cases.queries import keeping
from casehub.core import roles
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

from .. import policies, states
from ..models import Attestation, Consultation, Move, Request

Shape = dict[str, Any]
ANSWERS = frozenset(roles.row_of("requests.consultation.answer").who)


def _visible(actor: Actor) -> QuerySet[Consultation]:
    return _in_circles(cases.circles_of(actor.id))


def _in_circles(circles: Collection[UUID]) -> QuerySet[Consultation]:
    return Consultation.objects.filter(circle__in=circles).select_related("request__case")


def consultation_for(actor: Actor, consultation: UUID, *, lock: bool = False) -> Consultation:
    """
    Return a consultation whose circle `actor` reads; with `lock` its request is held too.

    :raises NotVisible: if there is none such, or they do not read it: one answer for both.
    """
    found = _visible(actor).filter(id=consultation).first()
    if found is None:
        raise NotVisible
    if not lock:
        return found
    # As whoever asks and ends does: the draft's readers, then the request.
    cases.hold([found.request.circle_id])
    if connection.vendor != "sqlite":
        list(Request.objects.filter(id=found.request_id).select_for_update())
    held = _visible(actor).filter(id=consultation).first()
    if held is None:
        raise NotVisible
    return held


def open_of(request: Request) -> Consultation | None:
    """Return the consultation of a request that waits for its answer, if there is one."""
    return request.consultations.filter(outcome="").first()


def set_aside_in(request: Request) -> list[str]:
    """Return the rules that were set aside when the newest version was screened last."""
    rows = Attestation.objects.filter(version__request=request, version__number=request.version)
    return list(rows.order_by("-id").values_list("overridden", flat=True).first() or [])


def told(rows: Sequence[Consultation]) -> list[Shape]:
    """Return what is told of consultations beyond their circles, oldest first."""
    return [
        {
            "id": one.id,
            "circle": one.circle_id,
            "state": one.state,
            "asker": one.asker_id,
            "version": one.version,
            "digest": one.digest,
            "questions": one.questions,
            "urgent": one.urgent,
            "asked_at": one.asked_at,
            "due": one.due,
            "outcome": one.outcome,
            "answerer": one.answerer_id,
            "answer": one.answer,
            "ended_at": one.ended_at,
        }
        for one in sorted(rows, key=lambda one: (one.asked_at, str(one.id)))
    ]


def consultations_of(requests: Collection[UUID]) -> dict[UUID, list[Shape]]:
    """Return what is told of the consultations of each of these requests, oldest first."""
    found: dict[UUID, list[Consultation]] = {}
    for one in Consultation.objects.filter(request__in=requests):
        found.setdefault(one.request_id, []).append(one)
    return {request: told(rows) for request, rows in found.items()}


def consultations_for(actor: Actor) -> list[Shape]:
    """Return what `actor` asked and was asked, newest first."""
    return _shapes(actor, list(_visible(actor).order_by("-asked_at", "id")))


def contacts_for(actor: Actor) -> list[Shape]:
    """
    Return which informal contacts the prosecutors of a central authority's State had, newest first.

    With whom, when and with what outcome; `request` once it has come to it, else None; `withdrawn`
    why it was given up, by a code, else it is empty. Nothing of what was asked, and as long as the
    case is kept: of what came of an erased one nothing is known any more.
    """
    if not actor.roles_in_office & policies.CENTRAL:
        return []
    done = Move.objects.filter(request=OuterRef("request"))
    given_up = done.filter(act=states.Act.WITHDRAW).order_by("-number")
    at_home = Consultation.objects.filter(request__requesting_state=actor.state)
    rows = at_home.filter(request__version__gt=0).annotate(
        known=Exists(done.filter(act=states.KNOWN_AT_HOME)),
        given_up=Subquery(given_up.values("said__codes")[:1]),
    )
    return [
        {
            "request": one.request_id if one.known else None,
            "state": one.state,
            "asked_at": one.asked_at,
            "due": one.due,
            "outcome": one.outcome,
            "ended_at": one.ended_at,
            "withdrawn": next(iter(one.given_up or ()), ""),
        }
        for one in rows.order_by("-asked_at", "id")
    ]


def consultation_shape_for(actor: Actor, consultation: UUID) -> Shape:
    """
    Return one consultation as `actor` may see it.

    :raises NotVisible: if they may not.
    """
    (found,) = _shapes(actor, [consultation_for(actor, consultation)])
    return found


def answers_wanted(actor: Actor, seats: Collection[UUID]) -> QuerySet[Consultation]:
    """
    Return those of which an answer is expected of `actor`, or of who was asked with them.

    `seats` are the circles that `actor` reads now.
    """
    if not actor.roles_in_office & ANSWERS:
        return Consultation.objects.none()
    # In a closed case nothing is answered any more.
    rows = _in_circles(seats).filter(state=actor.state)
    waiting = rows.filter(outcome="", request__case__closed_at=None)
    return waiting.order_by("due")


def _shapes(actor: Actor, rows: Sequence[Consultation]) -> list[Shape]:
    """Return consultations as `actor` sees them: the request and its case are the askers' own."""
    readers = cases.readers_of(one.circle_id for one in rows)
    kept = keeping.circles_kept([one.circle_id for one in rows], actor)
    shapes = {shape["id"]: shape for shape in told(rows)}
    found = []
    for one in rows:
        home = actor.state == one.request.requesting_state
        found.append(
            {
                **shapes[one.id],
                "request": one.request_id if home else None,
                "case": one.request.case_id if home else None,
                "asker_state": one.request.requesting_state,
                "people": sorted(readers.get(one.circle_id, set()), key=str),
                **kept[one.circle_id],
            }
        )
    return found
