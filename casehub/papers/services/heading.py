"""Changing what an office prints over its letters."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.retries import digest_of, require_same
from requests_mla.queries import device_of

from .. import policies, queries
from ..events import LetterheadChanged
from ..models import Letterhead
from ..statements import Headed


@transaction.atomic
def change_letterhead(
    *,
    client_id: UUID,
    number: int,
    body: bytes,
    signature: bytes,
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Keep the letterhead of the actor's own office, its `number`-th, and return its id.

    :raises Refused: `letterhead-behind` if another one came between; `letterhead-day-full`,
        `paper-signature`, `device-needed`, `id-reused`.
    """
    device = device_of(actor)
    asked = digest_of(number, hashlib.sha256(body).hexdigest(), signature.hex())
    known = Letterhead.objects.filter(person_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.id
    office = queries.own_office(actor)
    newest, of_day = queries.newest_of(office), queries.changes_of_day(office, now)
    require(policies.why_not_change(number=number, newest=newest, of_day=of_day))
    headed = Headed(office=str(office.id), number=number, body=body)
    if not headed.signed_by(bytes(device.signature_key), signature):
        raise Refused("paper-signature")
    digest = hashlib.sha256(body).hexdigest()
    event = LetterheadChanged(
        states=(actor.state,),
        office=str(office.id),
        number=number,
        device=str(device.id),
        digest=digest,
    )
    kept = Letterhead.objects.create(
        id=uuid4(),
        office=office,
        number=number,
        person_id=UUID(actor.id),
        device=device,
        at=now,
        body=body,
        digest=digest,
        signature=signature,
        client_id=client_id,
        request_digest=asked,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return kept.id
