"""The routes of encrypted files that go with letters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from casehub.core import piecestore
from casehub.core.http import actor_of, call, clock, door

from .. import markers, queries, services
from ..schemas import enclosures

router = Router()
Shape = dict[str, Any]


@router.post(
    "/dossiers/{uuid:request_id}/enclosures",
    response=enclosures.EnclosingOut,
    **door("requests.enclosure.begin"),
)
def begin_enclosure(request: HttpRequest, request_id: UUID, body: enclosures.EnclosureIn) -> Shape:
    """Begin to upload an encrypted file for a letter; asked again, it goes on."""
    call(
        request,
        services.begin_enclosure,
        target=str(request_id),
        request_id=request_id,
        enclosure=body.id,
        size=body.size,
    )
    return queries.enclosing_state(actor_of(request), body.id)


@router.get(
    "/enclosures/{uuid:enclosure}",
    response=enclosures.EnclosingOut,
    **door("requests.enclosure.ask"),
)
def ask_enclosure(request: HttpRequest, enclosure: UUID) -> Shape:
    """Say which pieces of an upload are missing."""
    return queries.enclosing_state(actor_of(request), enclosure)


@router.put(
    "/enclosures/{uuid:enclosure}/pieces/{int:index}",
    response={204: None},
    **door("requests.enclosure.put"),
)
def put_piece(request: HttpRequest, enclosure: UUID, index: int) -> Status[None]:
    """Store one piece of an upload: the body is its ciphertext."""
    call(
        request,
        markers.keep_piece,
        target=str(enclosure),
        enclosure=enclosure,
        index=index,
        body=request.body,
    )
    return Status(204, None)


@router.post(
    "/enclosures/{uuid:enclosure}/complete",
    response=enclosures.EnclosingOut,
    **door("requests.enclosure.complete"),
)
def complete_enclosure(request: HttpRequest, enclosure: UUID, body: enclosures.EnclosedIn) -> Shape:
    """Say that all pieces are there: a letter may take the file along from now on."""
    call(
        request,
        services.complete_enclosure,
        target=str(enclosure),
        enclosure=enclosure,
        digest=body.digest,
    )
    return queries.enclosing_state(actor_of(request), enclosure)


@router.delete(
    "/enclosures/{uuid:enclosure}",
    response={204: None},
    **door("requests.enclosure.remove"),
)
def remove_enclosure(request: HttpRequest, enclosure: UUID) -> Status[None]:
    """Take back a file that no letter has taken along."""
    call(request, services.remove_enclosure, target=str(enclosure), enclosure=enclosure)
    return Status(204, None)


@router.post(
    "/enclosures/{uuid:enclosure}/open",
    response=enclosures.EnclosureSizeOut,
    **door("requests.enclosure.open"),
)
def open_enclosure(request: HttpRequest, enclosure: UUID) -> Shape:
    """Open a file: it is in the log before the first byte leaves."""
    size = call(request, services.open_enclosure, target=str(enclosure), enclosure=enclosure)
    return {"size": size}


@router.get(
    "/enclosures/{uuid:enclosure}/pieces/{int:index}",
    **door("requests.enclosure.read"),
)
def read_piece(request: HttpRequest, enclosure: UUID, index: int) -> HttpResponse:
    """Return one piece's ciphertext to somebody who has opened the file."""
    digest = queries.piece_digest_for(actor_of(request), enclosure, index, clock())
    body = piecestore.read(piecestore.Kept.ENCLOSURES, enclosure, index, digest)
    # Nothing that a browser would show by itself, whatever the bytes are.
    headers = {"Content-Disposition": "attachment"}
    return HttpResponse(body, content_type="application/octet-stream", headers=headers)
