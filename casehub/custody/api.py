"""The routes of exports for a court."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from casehub.core.http import actor_of, call, clock, door

from . import queries, schemas, services

router = Router()
Shape = dict[str, Any]


def _done(request: HttpRequest, service: Any, export: UUID, **said: Any) -> Shape:
    call(request, service, target=str(export), export=export, **said)
    return queries.shape_for(actor_of(request), export, now=clock())


@router.get("/exports", response=list[schemas.CourtExportOut], **door("custody.exports.list"))
def list_exports(request: HttpRequest) -> list[Shape]:
    """List one's own, those that wait for one's coordination, and those of threads one reads."""
    return queries.exports_for(actor_of(request), now=clock())


@router.post(
    "/threads/{uuid:thread}/exports",
    response=schemas.CourtExportOut,
    **door("custody.export.ask"),
)
def ask_export(request: HttpRequest, thread: UUID, body: schemas.WishIn) -> Shape:
    """Wish to carry a part of a thread to a court."""
    made = call(
        request, services.ask_export, target=str(thread), thread=thread, **body.model_dump()
    )
    return queries.shape_for(actor_of(request), made, now=clock())


@router.post(
    "/exports/{uuid:export}/agree", response=schemas.CourtExportOut, **door("custody.export.agree")
)
def agree_to_export(request: HttpRequest, export: UUID, body: schemas.ConsentIn) -> Shape:
    """Consent to it for one's State."""
    return _done(request, services.agree_to_export, export, **body.model_dump())


@router.post(
    "/exports/{uuid:export}/refuse",
    response=schemas.CourtExportOut,
    **door("custody.export.refuse"),
)
def refuse_export(request: HttpRequest, export: UUID, body: schemas.RefusalIn) -> Shape:
    """Refuse it for one's State."""
    return _done(request, services.refuse_export, export, **body.model_dump())


@router.get(
    "/exports/{uuid:export}/proofs", response=schemas.ProofsOut, **door("custody.export.prove")
)
def prove_export(request: HttpRequest, export: UUID, after: int = 0) -> Shape:
    """Hand out the receipts that it carries, page by page."""
    return queries.proofs_for(actor_of(request), export, after=max(after, 0), now=clock())


@router.post(
    "/exports/{uuid:export}/made", response=schemas.CourtExportOut, **door("custody.export.make")
)
def make_export(request: HttpRequest, export: UUID, body: schemas.MadeIn) -> Shape:
    """Say that it was made, by its digests."""
    return _done(request, services.make_export, export, **body.model_dump())
