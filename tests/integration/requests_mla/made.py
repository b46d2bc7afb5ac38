"""A request with a version, for tests that need one to be there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from casehub.core import piecestore
from requests_mla import services as requests
from requests_mla.codes import BOTH, Audience, Said
from requests_mla.models import (
    Attestation,
    Enclosure,
    EnclosureOpening,
    EnclosurePiece,
    Letter,
    Move,
    Proposal,
    Request,
    Version,
)
from requests_mla.states import Act, Side, Stage
from tests.factories import Region, Someone, stamp
from tests.integration.answers import disclosed


def request_of(region: Region, owner: Someone, guest: Someone, *, case: UUID) -> UUID:
    """Make a request whose draft both read and which has one version."""
    acting = {"actor": owner.actor, "now": region.now}
    request = requests.open_request(
        client_id=uuid4(), case=case, people=[guest.id], requested_state="", **acting
    )
    requests.take_turn(request_id=request, client_id=uuid4(), **acting)
    requests.save_version(
        request_id=request,
        client_id=uuid4(),
        base=0,
        body=b"opaque",
        disclosed=disclosed(owner.state),
        **acting,
    )
    requests.give_back_turn(request_id=request, **acting)
    return request


def attestation_of(region: Region, someone: Someone, request: UUID) -> None:
    """Keep that somebody signed how a request's first version was screened."""
    Attestation.objects.create(
        version=Version.objects.get(request=request, number=1),
        person_id=someone.id,
        device_id=someone.device,
        at=region.now,
        rulebook="0" * 64,
        commitment=bytes(32),
        results=bytes(32),
        signature=bytes(64),
        overridden=[],
        ready=False,
        client_id=uuid4(),
        request_digest="",
        audit_event_id=region.event(Attestation),
    )


def letter_of(
    region: Region, someone: Someone, request: UUID, *, audience: Audience = BOTH
) -> UUID:
    """Keep that somebody wrote a letter about a request, with a file, and return its id."""
    letter = uuid4()
    made = Letter.objects.create(
        id=letter,
        request_id=request,
        person_id=someone.id,
        state=someone.state,
        audience=audience,
        step=0,
        at=region.now,
        body=bytes(64),
        digest="0" * 64,
        request_digest="",
        audit_event_id=region.event(Letter),
    )
    Enclosure.objects.create(
        id=uuid4(),
        request_id=request,
        person_id=someone.id,
        letter=made,
        size=4096,
        begun_at=region.now,
        completed_at=region.now,
        audit_event_id=region.event(Enclosure),
    )
    return letter


def enclosed_with(region: Region, reader: Someone, letter: UUID) -> UUID:
    """Keep a piece of the file of a letter, and that somebody opened it; return its id."""
    file = Enclosure.objects.get(letter=letter)
    EnclosurePiece.objects.create(enclosure=file, index=0, digest="0" * 64)
    piecestore.keep(piecestore.Kept.ENCLOSURES, file.id, 0, "0" * 64, b"sealed")
    EnclosureOpening.objects.create(
        enclosure=file,
        person_id=reader.id,
        at=region.now,
        last=region.now,
        audit_event_id=region.event(EnclosureOpening),
    )
    return file.id


def move_of(region: Region, someone: Someone, request: UUID) -> None:
    """Keep that somebody signed a first move, which is told to nobody but the draft's readers."""
    _moved(region, someone, request, (Act.ASK_CHANGES, Stage.SELF_CHECK, Stage.NEEDS_CHANGES))


@transaction.atomic
def sent_of(region: Region, someone: Someone, request: UUID, *, to: str) -> None:
    """Keep that a request was authorised and transmitted to a State, and who recorded that."""
    Request.objects.filter(id=request).update(requested_state=to)
    if not Move.objects.filter(request=request, act=Act.TRANSMIT.value).exists():
        _moved(region, someone, request, (Act.AUTHORISE, Stage.READY, Stage.AUTHORISED))
        _moved(region, someone, request, (Act.TRANSMIT, Stage.AUTHORISED, Stage.TRANSMITTED))


def authorised_of(region: Region, someone: Someone, request: UUID) -> None:
    """Keep that a request was authorised: from then on its State's central authority has it."""
    _moved(region, someone, request, (Act.AUTHORISE, Stage.READY, Stage.AUTHORISED))


def began_of(region: Region, someone: Someone, request: UUID) -> None:
    """Keep that a request that was sent was taken up there."""
    _moved(region, someone, request, (Act.BEGIN, Stage.ACKNOWLEDGED, Stage.IN_EXECUTION))


def proposal_of(region: Region, someone: Someone, request: UUID) -> None:
    """Keep that an officer proposed a step of two people, of which no other State is told."""
    Proposal.objects.create(
        **_signed(region, someone, request, (Act.EXECUTE, Stage.IN_EXECUTION, Stage.EXECUTED)),
        side=Side.REQUESTED.value,
        step="0" * 64,
        lapses_at=region.now + timedelta(hours=72),
        form=3,
        audit_event_id=region.event(Proposal),
    )


def _moved(region: Region, someone: Someone, request: UUID, how: tuple[Act, Stage, Stage]) -> None:
    Move.objects.create(
        **_signed(region, someone, request, how),
        side=Side.REQUESTING.value,
        device_id=someone.device,
        form=2,
        audit_event_id=region.event(Move),
    )


def _signed(
    region: Region, someone: Someone, request: UUID, how: tuple[Act, Stage, Stage]
) -> dict[str, Any]:
    """Return what a step holds that somebody signed as the next one, done or proposed."""
    act, before, after = how
    return {
        "request_id": request,
        "number": Move.objects.filter(request=request).count() + 1,
        "act": act.value,
        "before": before.value,
        "after": after.value,
        "person_id": someone.id,
        "state": someone.state,
        "key": bytes(32),
        "at": region.now,
        "on": region.now.date(),
        "issued": stamp(region.now),
        "version": 1,
        "digest": Version.objects.get(request=request, number=1).digest,
        "said": Said().as_json(),
        "signature": bytes(64),
        "client_id": uuid4(),
        "request_digest": "",
    }
