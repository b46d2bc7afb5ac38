"""The routes of letterheads and documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from casehub.core.frames import exactly_from_b64u, from_b64u
from casehub.core.http import actor_of, call, door

from . import limits, queries, schemas, services

router = Router()
Shape = dict[str, Any]
DIGEST, SIGNATURE = 32, 64


@router.get("/letterheads", response=schemas.LetterheadsOut, **door("papers.letterheads.list"))
def list_letterheads(request: HttpRequest) -> Shape:
    """List the letterheads of the caller's State that count."""
    return queries.letterheads_for(actor_of(request))


@router.get(
    "/letterheads/{uuid:letterhead}",
    response=schemas.LetterheadOut,
    **door("papers.letterhead.read"),
)
def read_letterhead(request: HttpRequest, letterhead: UUID) -> Shape:
    """Return one letterhead of the caller's State, of now or of before."""
    return queries.letterhead_for(actor_of(request), letterhead)


@router.post("/letterheads", response=schemas.LetterheadsOut, **door("papers.letterhead.change"))
def change_letterhead(request: HttpRequest, body: schemas.LetterheadIn) -> Shape:
    """Change the letterhead of the caller's office."""
    call(
        request,
        services.change_letterhead,
        client_id=body.client_id,
        number=body.number,
        body=from_b64u(body.body, most=limits.LETTERHEAD_BYTES),
        signature=exactly_from_b64u(body.signature, SIGNATURE),
    )
    return queries.letterheads_for(actor_of(request))


@router.get(
    "/requests/{uuid:request_id}/documents",
    response=list[schemas.MakingOut],
    **door("papers.documents.list"),
)
def list_documents(request: HttpRequest, request_id: UUID) -> list[Shape]:
    """List what documents were made of a request, oldest first."""
    return queries.makings_for(actor_of(request), request_id)


@router.post(
    "/requests/{uuid:request_id}/documents",
    response=list[schemas.MakingOut],
    **door("papers.documents.make"),
)
def make_documents(request: HttpRequest, request_id: UUID, body: schemas.MakingIn) -> list[Shape]:
    """Note documents that the caller's browser made, before they leave it."""
    call(
        request,
        services.make_documents,
        target=str(request_id),
        request_id=request_id,
        client_id=body.client_id,
        version=body.version,
        letterhead=body.letterhead,
        template=body.template,
        files=[
            (one.kind, one.language, exactly_from_b64u(one.commitment, DIGEST))
            for one in body.files
        ],
        recipients=body.recipients,
        signature=exactly_from_b64u(body.signature, SIGNATURE),
    )
    return queries.makings_for(actor_of(request), request_id)
