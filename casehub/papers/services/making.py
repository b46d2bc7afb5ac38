"""Noting which documents were made of a request, before they leave the browser that made them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.cases.proposing import require_proof
from casehub.cases.queries.keeping import require_open
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.retries import digest_of, require_same
from requests_mla import notify
from requests_mla import queries as requests
from requests_mla.errors import VersionBehind
from requests_mla.states import Stage

from .. import policies, queries
from ..events import DocumentsMade
from ..models import Making
from ..statements import Made


@transaction.atomic
def make_documents(
    *,
    request_id: UUID,
    client_id: UUID,
    version: int,
    letterhead: UUID | None,
    template: str,
    files: Sequence[tuple[str, str, bytes]],
    recipients: Sequence[UUID],
    signature: bytes,
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Note that the actor's browser made these `files` (kind, language, commitment) and for whom.

    :raises NotVisible: if the actor does not read the draft, or the letterhead is of another State.
    :raises VersionBehind: if `version` is not the newest.
    :raises Refused: `documents-not-ready`, `documents-recipient` for an office of neither State,
        `documents-twice`, `case-closed`, `step-up-needed`, `paper-signature`, `device-needed`,
        `id-reused`.
    """
    found = requests.request_for(actor, request_id, lock=True)
    device = requests.device_of(actor)
    offices = tuple(sorted(set(map(str, recipients))))
    said = [(kind, language, commitment.hex()) for kind, language, commitment in files]
    asked = digest_of(found.id, version, letterhead, template, said, offices, signature.hex())
    known = Making.objects.filter(person_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.id
    require_open(found.case)
    require_proof(actor, now)
    require(
        policies.why_not_make(
            stage=Stage(found.stage),
            files=[(kind, language) for kind, language, _ in files],
            recipients=offices,
            offices=queries.offices_of({found.requesting_state, found.requested_state}),
        )
    )
    if version != found.version:
        raise VersionBehind(found.version)
    head = queries.own_letterhead(actor, letterhead) if letterhead else None
    made = Made(
        request=str(found.id),
        version=version,
        letterhead=head.digest if head else "",
        template=template,
        files=files,
        recipients=offices,
    )
    if not made.signed_by(bytes(device.signature_key), signature):
        raise Refused("paper-signature")
    event = DocumentsMade(
        states=(found.requesting_state,),
        request=str(found.id),
        version=version,
        device=str(device.id),
        digest=made.digest(),
        letterhead=str(head.id) if head else "",
        kinds=tuple(kind for kind, _, _ in said),
        languages=tuple(language for _, language, _ in said),
        commitments=tuple(commitment for _, _, commitment in said),
        recipients=offices,
    )
    kept = Making.objects.create(
        id=uuid4(),
        request=found,
        version=version,
        person_id=UUID(actor.id),
        device=device,
        at=now,
        letterhead=head,
        template=template,
        files=[
            {"kind": kind, "language": language, "commitment": commitment}
            for kind, language, commitment in said
        ],
        recipients=list(offices),
        signature=signature,
        client_id=client_id,
        request_digest=asked,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    notify.request_changed(found.id, requests.readers_of(found))
    return kept.id
