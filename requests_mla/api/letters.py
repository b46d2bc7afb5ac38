"""The routes of letters: what those write to each other who carry or draft a request."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from casehub.core.frames import exactly_from_b64u, from_b64u
from casehub.core.http import actor_of, call, door

from .. import limits, markers, queries, services
from ..codes import BOTH, Audience
from ..schemas import letters

router = Router()
Shape = dict[str, Any]
Before = Annotated[int | None, Query(ge=1, lt=2**53)]


@router.get(
    "/dossiers/{uuid:request_id}/letters",
    response=letters.LettersOut,
    **door("requests.letters.list"),
)
def list_letters(
    request: HttpRequest, request_id: UUID, before: Before = None, audience: Audience = BOTH
) -> Shape:
    """List the newest of what those wrote who carry or draft a request, or those before one."""
    return queries.letters_for(actor_of(request), request_id, audience, before=before)


@router.get("/letters", response=list[letters.UnreadLettersOut], **door("requests.letters.unread"))
def list_unread_letters(request: HttpRequest) -> list[Shape]:
    """List about which requests others wrote what the caller has not read: counts alone."""
    return queries.unread_letters_of(actor_of(request))


@router.put(
    "/dossiers/{uuid:request_id}/letters/read",
    response=list[letters.UnreadLettersOut],
    **door("requests.letters.mark"),
)
def mark_letters_read(
    request: HttpRequest, request_id: UUID, body: letters.LettersReadIn
) -> list[Shape]:
    """Note up to which letter about a request the caller has read; answered with what is left."""
    call(
        request,
        markers.mark_letters_read,
        target=str(request_id),
        request_id=request_id,
        **body.model_dump(),
    )
    return queries.unread_letters_of(actor_of(request))


@router.post(
    "/dossiers/{uuid:request_id}/letters",
    response=letters.LettersOut,
    **door("requests.letter.send"),
)
def send_letter(request: HttpRequest, request_id: UUID, body: letters.LetterIn) -> Shape:
    """Write to the others who carry or draft a request."""
    call(
        request,
        services.send_letter,
        target=str(request_id),
        request_id=request_id,
        letter=body.id,
        step=body.step,
        body=from_b64u(body.body, most=limits.LETTER_BYTES),
        keys=[_sealed(one) for one in body.keys],
        enclosures=body.enclosures,
        audience=body.audience,
    )
    return queries.letters_for(actor_of(request), request_id, body.audience)


@router.post(
    "/dossiers/{uuid:request_id}/letters/keys",
    response=letters.LettersOut,
    **door("requests.letters.share"),
)
def share_letters(request: HttpRequest, request_id: UUID, body: letters.LetterKeysIn) -> Shape:
    """Give keys of letters to those who may read them and cannot yet."""
    call(
        request,
        services.share_letters,
        target=str(request_id),
        request_id=request_id,
        keys=[(one.letter, _sealed(one)) for one in body.keys],
        audience=body.audience,
    )
    return queries.letters_for(actor_of(request), request_id, body.audience)


def _sealed(one: letters.LetterKeyIn) -> services.Sealed:
    return services.Sealed(one.person, one.key, exactly_from_b64u(one.wrapped, 80))
