"""Reading requests: always through the drafting circle of whoever asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, OuterRef, QuerySet, Subquery, Sum

from casehub.cases import queries as cases
from casehub.cases.models import Case
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from casehub.directory import queries as directory
from casehub.directory.models import Device

from .. import limits, policies, states
from ..models import Attestation, Move, Request, Turn, Version
from ..statements import disclosed_digest
from .consultations import consultations_of


def _visible(actor: Actor) -> QuerySet[Request]:
    return Request.objects.filter(circle__in=cases.readable(actor))


def request_for(actor: Actor, request: UUID, *, lock: bool = False) -> Request:
    """
    Return a request whose draft `actor` reads, with `lock` held until the transaction ends.

    The lock keeps the draft's readers as they are too.

    :raises NotVisible: if there is none such, or they do not read it: one answer for both.
    """
    found = _visible(actor).filter(id=request).first()
    if found is None:
        raise NotVisible
    if not lock:
        return found
    cases.hold([found.circle_id])
    # Asked again: joined with the lock it would show who read it before the wait.
    cases.circle_for(actor, found.circle_id)
    rows = Request.objects.filter(id=request)
    if connection.vendor != "sqlite":
        rows = rows.select_for_update()
    return rows.get()


def device_of(actor: Actor) -> Device:
    """
    Return the device that the actor's session works as.

    :raises Refused: `device-needed` if it works as none, or that device is not in force.
    """
    if actor.device is None:
        raise Refused("device-needed")
    try:
        return directory.own_device(actor, actor.device)
    except NotVisible:
        raise Refused("device-needed") from None


def readers_of(request: Request) -> set[UUID]:
    """Return who reads a request's draft now."""
    return cases.readers_of([request.circle_id]).get(request.circle_id, set())


def candidates_in(
    case: Case, people: Collection[UUID], *, actor: Actor, already: Collection[UUID] = ()
) -> list[policies.Candidate]:
    """
    Return what speaks for and against each of `people` as a reader of a draft of `actor`'s State.

    An actor who is in the draft and no longer in the case learns nothing of other States' people
    in it: for them such a person is as one who is outside (ADR 13).
    """
    inside = case.members.filter(removed_at=None, person_id=actor.id).exists()
    places = {
        member.person_id: member.person.state_id
        for member in case.members.filter(removed_at=None, person__in=people).select_related(
            "person"
        )
    }
    in_force = directory.people_with(people, roles=policies.MAY_READ)
    return [
        policies.Candidate(
            in_case=person in places and (inside or places[person] == actor.state),
            own_state=places.get(person) == actor.state,
            in_force=person in in_force,
            already=person in already,
        )
        for person in people
    ]


def turn_of(request: Request, now: datetime) -> Turn | None:
    """Return the editing turn that holds now: not run out, and its person still a reader."""
    return _turns_of([request], {request.circle_id: readers_of(request)}, now).get(request.id)


def _turns_of(
    requests: Sequence[Request], readers: Mapping[UUID, Collection[UUID]], now: datetime
) -> dict[UUID, Turn]:
    circles = {request.id: request.circle_id for request in requests}
    rows = Turn.objects.filter(request__in=circles, ended_at=None, until__gt=now)
    return {
        turn.request_id: turn
        for turn in rows
        if turn.person_id in readers.get(circles[turn.request_id], ())
    }


def _attested(requests: Sequence[Request]) -> dict[UUID, Attestation]:
    of_these = Attestation.objects.filter(version__request__in=[r.id for r in requests])
    newest = of_these.values("version__request").annotate(newest=Max("id")).values("newest")
    rows = Attestation.objects.filter(id__in=newest).select_related("version")
    return {a.version.request_id: a for a in rows.defer("version__body")}


def _shape(
    request: Any,
    *,
    people: Iterable[UUID],
    turn: Turn | None,
    attested: Attestation | None,
    consultations: list[dict[str, Any]],
) -> dict[str, Any]:
    return {
        "id": request.id,
        "case": request.case_id,
        "circle": request.circle_id,
        "requesting_state": request.requesting_state,
        "requested_state": request.requested_state,
        "stage": request.stage,
        "came_back": request.last_step in states.SENDS_BACK,
        "disclosed": request.disclosed,
        "version": request.version,
        "drafter": request.drafter_id,
        "people": sorted(people, key=str),
        "opened_at": request.opened_at,
        "saved_at": request.saved_at,
        "turn": turn and {"person": turn.person_id, "until": turn.until},
        "attested": attested
        and {
            "version": attested.version.number,
            "rulebook": attested.rulebook,
            "person": attested.person_id,
            "at": attested.at,
        },
        "consultations": consultations,
    }


def _shapes(rows: QuerySet[Request], now: datetime) -> list[dict[str, Any]]:
    moves = Move.objects.filter(request=OuterRef("pk")).order_by("-number")
    requests = list(rows.annotate(last_step=Subquery(moves.values("act")[:1])))
    readers = cases.readers_of([request.circle_id for request in requests])
    turns, attested = _turns_of(requests, readers, now), _attested(requests)
    asked = consultations_of([request.id for request in requests])
    return [
        _shape(
            request,
            people=readers.get(request.circle_id, ()),
            turn=turns.get(request.id),
            attested=attested.get(request.id),
            consultations=asked.get(request.id, []),
        )
        for request in requests
    ]


def requests_for(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return all requests whose drafts `actor` reads, newest first."""
    return _shapes(_visible(actor).order_by("-opened_at", "id"), now)


def shape_for(actor: Actor, request: UUID, now: datetime) -> dict[str, Any]:
    """
    Return one request.

    :raises NotVisible: if the actor does not read its draft.
    """
    found = _shapes(_visible(actor).filter(id=request), now)
    if not found:
        raise NotVisible
    return found[0]


def _of_day(person: UUID, now: datetime) -> QuerySet[Version]:
    return Version.objects.filter(person_id=person, at__gt=now - limits.DAY)


def _bytes_of(versions: QuerySet[Version]) -> int:
    return int(versions.aggregate(kept=Sum("size"))["kept"] or 0)


def kept_of_day(person: UUID, now: datetime) -> int:
    """Return how many bytes of a person's versions of the last 24 hours are kept."""
    return _bytes_of(_of_day(person, now))


def kept_of_request(person: UUID, request: Request) -> int:
    """Return how many bytes of a person's versions of one request are kept."""
    return _bytes_of(Version.objects.filter(request=request, person_id=person))


def wait_for_room(person: UUID, size: int, now: datetime) -> timedelta:
    """Return after how long a version of `size` bytes fits into a person's day again."""
    over = kept_of_day(person, now) + size - limits.DAY_BYTES
    for at, freed in _of_day(person, now).order_by("at").values_list("at", "size"):
        over -= freed
        if over <= 0:
            return at + limits.DAY - now
    return limits.DAY


def _version_shape(version: Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "at": version.at,
        "person": version.person_id,
        "device": version.device_id,
        "size": version.size,
        "digest": to_b64u(bytes.fromhex(version.digest)),
    }


def versions_for(actor: Actor, request: UUID) -> list[dict[str, Any]]:
    """
    Return the versions of a draft without their bodies, oldest first.

    :raises NotVisible: if the actor does not read it.
    """
    found = request_for(actor, request)
    return [_version_shape(v) for v in found.versions.defer("body").order_by("number")]


def version_for(actor: Actor, request: UUID, number: int) -> dict[str, Any]:
    """
    Return one version of a draft with its ciphertext.

    :raises NotVisible: if there is no such version, or the actor does not read the draft.
    """
    version = request_for(actor, request).versions.filter(number=number).first()
    if version is None:
        raise NotVisible
    return _version_shape(version) | {"body": to_b64u(version.body)}


def attestations_for(actor: Actor, request: UUID) -> list[dict[str, Any]]:
    """
    Return what was attested about a draft, oldest first: all that a reader's browser checks.

    :raises NotVisible: if the actor does not read it.
    """
    found = request_for(actor, request)
    rows = Attestation.objects.filter(version__request=found)
    return [
        {
            "version": a.version.number,
            "rulebook": a.rulebook,
            "person": a.person_id,
            "device": a.device_id,
            "at": a.at,
            "commitment": to_b64u(a.commitment),
            "results": to_b64u(a.results),
            "disclosed": to_b64u(disclosed_digest(a.version.disclosed)),
            "signature": to_b64u(a.signature),
            "overridden": a.overridden,
            "ready": a.ready,
        }
        for a in rows.select_related("version").defer("version__body").order_by("id")
    ]
