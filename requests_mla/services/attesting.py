"""Attesting what screening a version gave, and making the request ready."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.cases.queries.keeping import require_open
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.retries import digest_of, require_same

from .. import notify, policies, queries, screening
from ..errors import DisclosedRefused, NotReady, RulebookBehind, VersionBehind
from ..events import AttestationMade
from ..models import Attestation, Request
from ..statements import Screened, disclosed_digest
from ..states import Stage


def _require_ready(
    request: Request, overridden: Sequence[str], actor: Actor, now: datetime
) -> None:
    grave = not screening.severe().isdisjoint(overridden)
    require(policies.why_not_set_aside(actor, blocking=grave))
    today = now.date().isoformat()
    blocking = screening.blocking(request.disclosed, overridden=overridden, today=today)
    if blocking:
        raise NotReady(blocking)
    require(policies.why_not_by_law_of(request.disclosed["law_date"], today=now.date()))


@transaction.atomic
def attest(
    *,
    request_id: UUID,
    client_id: UUID,
    version: int,
    rulebook: str,
    commitment: bytes,
    results: bytes,
    signature: bytes,
    overridden: Sequence[str],
    ready: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """
    Keep what the actor's device signed about screening the newest version; maybe make it ready.

    The findings stay with the readers. The server checks what it can: its own rulebook, the
    signature, which covers the facts disclosed to it, and for `ready` the blocking rules that
    need no more than these.

    :raises NotVisible: if the actor does not read the draft.
    :raises RulebookBehind: if it was screened by another rulebook than the server's.
    :raises VersionBehind: if `version` is not the newest, or there is none yet.
    :raises DisclosedRefused: if `overridden` names what is not an overridable rule.
    :raises NotReady: if `ready` is asked while a blocking rule fails that nobody overrode.
    :raises Refused: `signature-refused`, `stage-closed`, `case-closed`, `device-needed`,
        `id-reused`; for `ready` `law-date-old`, `law-date-ahead`, `exception-coordinator`.
    """
    found = queries.request_for(actor, request_id, lock=True)
    device = queries.device_of(actor)
    aside = tuple(sorted(set(overridden)))
    said = (version, rulebook, commitment.hex(), results.hex(), signature.hex())
    asked = digest_of(found.id, *said, *aside, ready)
    known = Attestation.objects.filter(person_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return
    require_open(found.case)
    if rulebook != screening.rulebook().version:
        raise RulebookBehind(screening.rulebook().version)
    newest = found.versions.filter(number=found.version).defer("body").first()
    if newest is None or version != newest.number:
        raise VersionBehind(found.version)
    require(policies.why_not_attest(Stage(found.stage)))
    screened = Screened(
        request=str(found.id),
        version=version,
        rulebook=rulebook,
        commitment=commitment,
        results=results,
        # Not what the client says it disclosed: what lies here, and is judged below.
        disclosed=disclosed_digest(newest.disclosed),
        overridden=aside,
        ready=ready,
    )
    if not screened.signed_by(bytes(device.signature_key), signature):
        raise Refused("signature-refused")
    flaws = policies.not_overridable(overridden, known=screening.vocabulary())
    if flaws:
        raise DisclosedRefused(flaws)
    if ready:
        _require_ready(found, overridden, actor, now)
    event = AttestationMade(
        states=(found.requesting_state,),
        request=str(found.id),
        version=version,
        rulebook=rulebook,
        device=str(device.id),
        digest=hashlib.sha256(screened.signed_bytes()).hexdigest(),
        overridden=aside,
        ready=ready,
        requested=newest.disclosed["requested_state"] or "",
        measures=tuple(sorted({one for one in newest.disclosed["measures"] if one})),
        urgency=newest.disclosed["urgency"] or "",
        deadline=newest.disclosed["deadline"] or "",
    )
    Attestation.objects.create(
        version=newest,
        person_id=actor.id,
        device=device,
        at=now,
        rulebook=rulebook,
        commitment=commitment,
        results=results,
        signature=signature,
        overridden=list(aside),
        ready=ready,
        client_id=client_id,
        request_digest=asked,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    stage = policies.stage_attested(Stage(found.stage), ready=ready)
    if stage is not Stage(found.stage):
        found.stage = stage.value
        found.save(update_fields=["stage"])
    notify.request_changed(found.id, queries.told_at_home(found))
