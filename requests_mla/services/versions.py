"""Storing versions of a draft: opaque bytes, one after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

import rfc8785
from django.db import transaction

import audit.services
from casehub.cases.queries.keeping import require_open
from casehub.core.actor import Actor
from casehub.core.errors import require
from casehub.core.retries import digest_of, require_same

from .. import notify, policies, queries
from ..errors import DisclosedRefused, TurnTaken, VersionBehind, VersionDayFull
from ..events import VersionSaved
from ..models import Request, Version
from ..screening import vocabulary
from ..states import Stage


def _require_room(request: Request, person: UUID, size: int, now: datetime) -> None:
    """
    Refuse a version beyond a person's budgets.

    Two requests are two locks: who saves in both at once may exceed the day's by what is under way,
    which the rate of `version` calls bounds.
    """
    why_not = policies.why_not_keep(
        size=size,
        of_day=queries.kept_of_day(person, now),
        of_request=queries.kept_of_request(person, request),
    )
    if why_not == VersionDayFull.code:
        wait = queries.wait_for_room(person, size, now)
        raise VersionDayFull(minutes=ceil(wait / timedelta(minutes=1)))
    require(why_not)


@transaction.atomic
def save_version(
    *,
    request_id: UUID,
    client_id: UUID,
    base: int,
    body: bytes,
    disclosed: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> int:
    """
    Store `body`, a version's ciphertext, after version `base`; return its number.

    The request is a draft again: what was attested was about an older version.

    :raises NotVisible: if the actor does not read the draft.
    :raises TurnTaken: if somebody else has the editing turn.
    :raises VersionBehind: if `base` is not the newest version.
    :raises DisclosedRefused: if the disclosed facts are not of the rulebook's vocabulary.
    :raises VersionDayFull: if the actor's versions of 24 hours are all that the server keeps.
    :raises Refused: `turn-needed`, `stage-closed`, `device-needed`, `case-closed`, `id-reused`;
        `request-was-sent` if it names another requested State than it was sent to;
        `version-share-full` if the actor's versions of this request are.
    """
    found = queries.request_for(actor, request_id, lock=True)
    device = queries.device_of(actor)
    digest = hashlib.sha256(body).hexdigest()
    asked = digest_of(found.id, base, digest, rfc8785.dumps(dict(disclosed)).decode())
    known = Version.objects.filter(person_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.number
    require_open(found.case)
    turn = queries.turn_of(found, now)
    if turn is not None and str(turn.person_id) != actor.id:
        raise TurnTaken(person=str(turn.person_id), until=turn.until)
    holder = str(turn.person_id) if turn else None
    require(policies.why_not_write(actor=actor, holder=holder, stage=Stage(found.stage)))
    if base != found.version:
        raise VersionBehind(found.version)
    _require_room(found, UUID(actor.id), len(body), now)
    flaws = policies.flaws_of(
        disclosed, known=vocabulary(), requesting_state=found.requesting_state
    )
    if flaws:
        raise DisclosedRefused(flaws)
    require(
        policies.why_not_to(
            disclosed["requested_state"], was=found.requested_state, sent=queries.was_sent(found)
        )
    )
    number = base + 1
    event = VersionSaved(
        states=(found.requesting_state,),
        request=str(found.id),
        version=number,
        device=str(device.id),
        digest=digest,
    )
    Version.objects.create(
        request=found,
        number=number,
        person_id=actor.id,
        device=device,
        at=now,
        body=body,
        size=len(body),
        digest=digest,
        disclosed=dict(disclosed),
        client_id=client_id,
        request_digest=asked,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    found.version, found.saved_at, found.stage = number, now, Stage.DRAFT.value
    if disclosed["deadline"] != found.disclosed.get("deadline", ""):
        found.deadline_at = now
    found.disclosed = dict(disclosed)
    found.requested_state = disclosed["requested_state"]
    changed = ("version", "saved_at", "stage", "disclosed", "requested_state", "deadline_at")
    found.save(update_fields=changed)
    notify.request_changed(found.id, queries.told_at_home(found))
    return number
