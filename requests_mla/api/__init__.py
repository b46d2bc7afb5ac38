"""The routes of requests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from casehub.core import rates
from casehub.core.frames import exactly_from_b64u, from_b64u
from casehub.core.http import actor_of, call, clock, door

from .. import markers, queries, schemas, services
from ..schemas import dossiers
from . import enclosures, letters, moves

router = Router()
router.add_router("", moves.router)
router.add_router("", enclosures.router)
router.add_router("", letters.router)
Shape = dict[str, Any]


def _shape(request: HttpRequest, id_: UUID) -> Shape:
    return queries.shape_for(actor_of(request), id_, clock())


@router.get("/requests", response=list[schemas.RequestOut], **door("requests.list"))
def list_requests(request: HttpRequest) -> list[Shape]:
    """List the requests whose drafts the caller reads."""
    return queries.requests_for(actor_of(request), clock())


@router.post("/requests", response=schemas.RequestOut, **door("requests.request.open"))
def open_request(request: HttpRequest, body: schemas.RequestIn) -> Shape:
    """Begin a request in a case: its drafting circle and its empty draft."""
    opened = call(request, services.open_request, target=str(body.case), **body.model_dump())
    return _shape(request, opened)


@router.get(
    "/requests/{uuid:request_id}",
    response=schemas.RequestOut,
    **door("requests.request.read"),
)
def read_request(request: HttpRequest, request_id: UUID) -> Shape:
    """Look into a request; the look is logged before the answer leaves."""
    call(request, services.read_request, target=str(request_id), request_id=request_id)
    return _shape(request, request_id)


@router.post(
    "/requests/{uuid:request_id}/turn",
    response=schemas.RequestOut,
    **door("requests.turn.take"),
)
def take_turn(request: HttpRequest, request_id: UUID, body: schemas.TurnIn) -> Shape:
    """Take the editing turn."""
    call(
        request,
        services.take_turn,
        target=str(request_id),
        request_id=request_id,
        **body.model_dump(),
    )
    return _shape(request, request_id)


@router.put(
    "/requests/{uuid:request_id}/turn",
    response=schemas.RequestOut,
    **door("requests.turn.renew"),
)
def renew_turn(request: HttpRequest, request_id: UUID) -> Shape:
    """Keep the editing turn for another five minutes."""
    call(request, markers.renew_turn, target=str(request_id), request_id=request_id)
    return _shape(request, request_id)


@router.delete(
    "/requests/{uuid:request_id}/turn",
    response=schemas.RequestOut,
    **door("requests.turn.give-back"),
)
def give_back_turn(request: HttpRequest, request_id: UUID) -> Shape:
    """Give the editing turn back."""
    call(request, services.give_back_turn, target=str(request_id), request_id=request_id)
    return _shape(request, request_id)


@router.get(
    "/requests/{uuid:request_id}/versions",
    response=list[schemas.VersionRow],
    **door("requests.versions.list"),
)
def list_versions(request: HttpRequest, request_id: UUID) -> list[Shape]:
    """List a draft's versions, oldest first."""
    return queries.versions_for(actor_of(request), request_id)


@router.post(
    "/requests/{uuid:request_id}/versions",
    response=schemas.RequestOut,
    **door("requests.version.save"),
)
def save_version(request: HttpRequest, request_id: UUID, body: schemas.VersionIn) -> Shape:
    """Store a version of a draft."""
    rates.spend("version", actor_of(request).id, clock())
    call(
        request,
        services.save_version,
        target=str(request_id),
        request_id=request_id,
        client_id=body.client_id,
        base=body.base,
        body=from_b64u(body.body, most=schemas.BODY_LIMIT),
        disclosed=body.disclosed.model_dump(),
    )
    return _shape(request, request_id)


@router.get(
    "/requests/{uuid:request_id}/versions/{int:version}",
    response=schemas.VersionOut,
    **door("requests.version.read"),
)
def read_version(request: HttpRequest, request_id: UUID, version: int) -> Shape:
    """Return one version's ciphertext."""
    return queries.version_for(actor_of(request), request_id, version)


@router.get(
    "/requests/{uuid:request_id}/attestations",
    response=list[schemas.AttestationOut],
    **door("requests.attestations.list"),
)
def list_attestations(request: HttpRequest, request_id: UUID) -> list[Shape]:
    """List what was attested about a draft, for readers' browsers to check."""
    return queries.attestations_for(actor_of(request), request_id)


@router.post(
    "/requests/{uuid:request_id}/attestations",
    response=schemas.RequestOut,
    **door("requests.attestation.make"),
)
def attest(request: HttpRequest, request_id: UUID, body: schemas.AttestationIn) -> Shape:
    """Attest what screening a version gave, and mark the request ready if asked."""
    call(
        request,
        services.attest,
        target=str(request_id),
        request_id=request_id,
        client_id=body.client_id,
        version=body.version,
        rulebook=body.rulebook,
        commitment=exactly_from_b64u(body.commitment, 32),
        results=exactly_from_b64u(body.results, 32),
        signature=exactly_from_b64u(body.signature, 64),
        overridden=body.overridden,
        ready=body.ready,
    )
    return _shape(request, request_id)


@router.post(
    "/requests/{uuid:request_id}/people",
    response=schemas.RequestOut,
    **door("requests.reader.add"),
)
def add_reader(request: HttpRequest, request_id: UUID, body: schemas.DrafterIn) -> Shape:
    """Let a person of the case and the requesting State into a draft."""
    call(
        request,
        services.add_reader,
        target=str(request_id),
        request_id=request_id,
        **body.model_dump(),
    )
    return _shape(request, request_id)


@router.delete(
    "/requests/{uuid:request_id}/people/{uuid:person}",
    response=schemas.RequestOut | None,
    **door("requests.reader.remove"),
)
def remove_reader(request: HttpRequest, request_id: UUID, person: UUID) -> Shape | None:
    """Shut a person out of a draft; whoever leaves it themselves gets null."""
    call(
        request,
        services.remove_reader,
        target=str(request_id),
        request_id=request_id,
        person=person,
    )
    return None if str(person) == actor_of(request).id else _shape(request, request_id)


@router.get("/dossiers", response=list[dossiers.DossierRow], **door("requests.dossiers.list"))
def list_dossiers(request: HttpRequest) -> list[Shape]:
    """List where the requests stand to which the caller is a party."""
    return queries.dossiers_for(actor_of(request))


@router.get(
    "/dossiers/{uuid:request_id}",
    response=dossiers.DossierOut,
    **door("requests.dossier.read"),
)
def read_dossier(request: HttpRequest, request_id: UUID) -> Shape:
    """Look into a dossier; the look is logged before the answer leaves."""
    call(request, services.read_dossier, target=str(request_id), request_id=request_id)
    return queries.dossier_shape_for(actor_of(request), request_id)


@router.get(
    "/consultations",
    response=list[schemas.OpinionCircleOut],
    **door("requests.consultations.list"),
)
def list_consultations(request: HttpRequest) -> list[Shape]:
    """List what the caller asked informally, and was asked."""
    return queries.consultations_for(actor_of(request))


@router.get(
    "/contacts", response=list[schemas.InformalContactOut], **door("requests.contacts.list")
)
def list_contacts(request: HttpRequest) -> list[Shape]:
    """List which informal contacts the prosecutors of the caller's State had; no content."""
    return queries.contacts_for(actor_of(request))


@router.post(
    "/requests/{uuid:request_id}/consultations",
    response=schemas.OpinionCircleOut,
    **door("requests.consultation.ask"),
)
def ask_consultation(request: HttpRequest, request_id: UUID, body: schemas.OpinionAskIn) -> Shape:
    """Ask focal points of the requested State what they think of a request."""
    asked = call(
        request,
        services.ask_consultation,
        target=str(request_id),
        request_id=request_id,
        **body.model_dump(),
    )
    return queries.consultation_shape_for(actor_of(request), asked)


@router.post(
    "/requests/{uuid:request_id}/consultations/end",
    response=schemas.RequestOut,
    **door("requests.consultation.end"),
)
def end_consultation(request: HttpRequest, request_id: UUID, body: schemas.OpinionEndIn) -> Shape:
    """Go on without an answer."""
    call(
        request,
        services.end_consultation,
        target=str(request_id),
        request_id=request_id,
        **body.model_dump(),
    )
    return _shape(request, request_id)


@router.post(
    "/consultations/{uuid:consultation}/answer",
    response=schemas.OpinionCircleOut,
    **door("requests.consultation.answer"),
)
def answer_consultation(request: HttpRequest, consultation: UUID, body: schemas.OpinionIn) -> Shape:
    """Answer for one's State; it binds nobody."""
    call(
        request,
        services.answer_consultation,
        target=str(consultation),
        consultation=consultation,
        **body.model_dump(),
    )
    return queries.consultation_shape_for(actor_of(request), consultation)
