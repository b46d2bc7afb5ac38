"""The routes of first-line information."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from casehub.core.http import actor_of, call, door

from . import queries, schemas, services

router = Router()
Shape = dict[str, Any]


def _done(request: HttpRequest, service: Any, note: UUID, **said: Any) -> Shape:
    call(request, service, target=str(note), note=note, **said)
    return queries.shape_for(actor_of(request), note)


@router.get("/notes", response=list[schemas.NoteOut], **door("notes.list"))
def list_notes(request: HttpRequest) -> list[Shape]:
    """List what the caller sent and received."""
    return queries.notes_for(actor_of(request))


@router.post("/cases/{uuid:case}/notes", response=schemas.NoteOut, **door("notes.note.send"))
def send_note(request: HttpRequest, case: UUID, body: schemas.NoteIn) -> Shape:
    """Tell focal points of a State that is not in the case."""
    note = call(request, services.send_note, target=str(case), case=case, **body.model_dump())
    return queries.shape_for(actor_of(request), note)


@router.post(
    "/notes/{uuid:note}/acknowledge", response=schemas.NoteOut, **door("notes.note.acknowledge")
)
def acknowledge_note(request: HttpRequest, note: UUID) -> Shape:
    """Acknowledge receipt for one's State."""
    return _done(request, services.acknowledge_note, note)


@router.post("/notes/{uuid:note}/decline", response=schemas.NoteOut, **door("notes.note.decline"))
def decline_note(request: HttpRequest, note: UUID, body: schemas.NoteNo) -> Shape:
    """Decline it for one's State."""
    return _done(request, services.decline_note, note, **body.model_dump())


@router.post("/notes/{uuid:note}/join", response=schemas.NoteOut, **door("notes.note.join"))
def join_by_note(request: HttpRequest, note: UUID, body: schemas.NoteCase) -> Shape:
    """Say that one's State has a case of it."""
    return _done(request, services.join_by_note, note, **body.model_dump())


@router.post("/notes/{uuid:note}/use", response=schemas.NoteOut, **door("notes.note.use"))
def use_note(request: HttpRequest, note: UUID) -> Shape:
    """Say that the information was used."""
    return _done(request, services.use_note, note)


@router.post("/notes/{uuid:note}/lead", response=schemas.NoteOut, **door("notes.note.lead"))
def lead_by_note(request: HttpRequest, note: UUID) -> Shape:
    """Say that the information led to a request."""
    return _done(request, services.lead_by_note, note)
