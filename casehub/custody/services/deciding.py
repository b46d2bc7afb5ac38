"""The second pair of eyes: the coordination of the asker's State consents, or refuses."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor
from casehub.core.doorbell import tell
from casehub.core.errors import require
from casehub.core.frames import from_b64u
from messaging.queries import device_of

from .. import policies, queries
from ..events import ExportAgreed, ExportRefused
from ..models import Export
from ..statements import Consent, moment_of


@transaction.atomic
def agree_to_export(
    *, export: UUID, wish: str, at: str, signature: str, actor: Actor, now: datetime
) -> UUID:
    """
    Consent to the wish of this digest, signed by the device on which it was looked at.

    :raises NotVisible: if there is no such wish of the actor's State.
    :raises Refused: `step-up-needed`; `device-needed`; `export-own`, `export-over`,
        `export-changed`, `export-hand-stopped`; `export-signature`, `export-clock`.
    """
    row = _held(export, wish, actor, now)
    require_fresh(actor, now)
    device = device_of(actor)
    raw = from_b64u(signature, most=64)
    said = Consent(wish=wish, person=actor.id, device=str(device.id), at=at)
    signed = said.is_signed_by(bytes(device.signature_key), raw)
    require(policies.why_not_sign(said_at=moment_of(at), now=now, signed=signed))
    row.consenter_id, row.consented_at = UUID(actor.id), now
    row.consent_device, row.consent_said_at, row.consent_signature = device.id, at, raw
    row.lapses_at, row.box, row.keys = policies.lapses(now), b"", []
    event = ExportAgreed(
        states=_states(row),
        export=str(row.id),
        wish=row.wish,
        signed=hashlib.sha256(raw).hexdigest(),
    )
    row.agreed_event = audit.services.record(event, actor=actor.id, at=now)
    row.audit_event_id = row.agreed_event
    return _written(row)


@transaction.atomic
def refuse_export(*, export: UUID, wish: str, reason: str, actor: Actor, now: datetime) -> UUID:
    """
    Refuse the wish of this digest by a reason's code.

    :raises NotVisible: if there is no such wish of the actor's State.
    :raises Refused: `export-own`, `export-over`, `export-changed`, `export-hand-stopped`.
    """
    row = _held(export, wish, actor, now)
    row.refused_at, row.reason, row.box, row.keys = now, reason, b"", []
    event = ExportRefused(states=_states(row), export=str(row.id), wish=row.wish, reason=reason)
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    return _written(row)


def _held(export: UUID, wish: str, actor: Actor, now: datetime) -> Export:
    row = queries.before(actor, export)
    own = str(row.person_id) == actor.id
    step = queries.step_of(row, now=now)
    require(policies.why_not_decide(step=step, own=own, wish=row.wish, seen=wish))
    return row


def _states(row: Export) -> tuple[str, ...]:
    return tuple(row.states.split(","))


def _written(row: Export) -> UUID:
    row.save()
    tell(queries.told_of(row), "export", row.id)
    return row.id
