"""The routes by which a request goes on: whose step is next, moves, the second hand under some."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from casehub.core.frames import exactly_from_b64u
from casehub.core.http import actor_of, call, clock, door

from .. import codes, queries, services
from ..schemas import dossiers

router = Router()
Shape = dict[str, Any]
SIGNATURE = 64  # bytes, of Ed25519


def _signed(body: dossiers.MoveIn) -> dict[str, Any]:
    return {
        "client_id": body.client_id,
        "step": body.act,
        "number": body.number,
        "version": body.version,
        "digest": body.digest,
        "on": date.fromisoformat(body.on),
        "issued": body.issued,
        "said": codes.Said.of(body.said.model_dump()),
        "signature": exactly_from_b64u(body.signature, SIGNATURE),
    }


@router.get("/steps", response=list[dossiers.StepWantedOut], **door("requests.steps.list"))
def list_steps_wanted(request: HttpRequest) -> list[Shape]:
    """List which requests wait for the caller's step: where they stand, and how urgent that is."""
    return queries.steps_wanted(actor_of(request), now=clock())


@router.post(
    "/dossiers/{uuid:request_id}/moves",
    response=dossiers.DossierOut,
    **door("requests.move.make"),
)
def make_move(request: HttpRequest, request_id: UUID, body: dossiers.MoveIn) -> Shape:
    """Move a request along its stages."""
    signed = _signed(body)
    call(request, services.make_move, target=str(request_id), request_id=request_id, **signed)
    return queries.dossier_shape_for(actor_of(request), request_id)


@router.post(
    "/dossiers/{uuid:request_id}/proposal",
    response=dossiers.DossierOut,
    **door("requests.proposal.make"),
)
def propose_move(request: HttpRequest, request_id: UUID, body: dossiers.MoveIn) -> Shape:
    """Sign a move first that takes a second person: nothing moves yet."""
    signed = _signed(body)
    call(request, services.propose_move, target=str(request_id), request_id=request_id, **signed)
    return queries.dossier_shape_for(actor_of(request), request_id)


@router.post(
    "/dossiers/{uuid:request_id}/proposal/confirm",
    response=dossiers.DossierOut,
    **door("requests.proposal.confirm"),
)
def confirm_move(request: HttpRequest, request_id: UUID, body: dossiers.SecondIn) -> Shape:
    """Put the second hand under a proposed move: it is made."""
    call(
        request,
        services.confirm_move,
        target=str(request_id),
        request_id=request_id,
        step=body.step,
        issued=body.issued,
        signature=exactly_from_b64u(body.signature, SIGNATURE),
    )
    return queries.dossier_shape_for(actor_of(request), request_id)


@router.post(
    "/dossiers/{uuid:request_id}/proposal/decline",
    response=dossiers.DossierOut,
    **door("requests.proposal.decline"),
)
def decline_move(request: HttpRequest, request_id: UUID, body: dossiers.DeclineIn) -> Shape:
    """Decline a proposed move by a code; whoever proposed it takes it back."""
    call(
        request,
        services.decline_move,
        target=str(request_id),
        request_id=request_id,
        step=body.step,
        reason=body.reason,
    )
    return queries.dossier_shape_for(actor_of(request), request_id)
