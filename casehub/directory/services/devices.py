"""A person's own devices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

import audit.services
from casehub.accounts import services as accounts
from casehub.core.actor import Actor
from casehub.core.errors import Refused
from casehub.directory import policies, queries, statements
from casehub.directory.events import DeviceRegistered, DeviceSelected
from casehub.directory.models import Device, SignedStatement

from .entering import keep_statement


@transaction.atomic
def register_device(*, statement: dict[str, Any], actor: Actor, now: datetime) -> str:
    """
    Register the device that the actor's identity key named, and let the session work as it.

    :raises ChainBroken: if the statement does not lead back to the person's ministry.
    :raises Refused: `device-of-another` if it names another person, `device-known` if its id,
        serial or key is taken.
    """
    parsed = statements.parse(statement)
    if parsed.person != actor.id:
        raise Refused("device-of-another")
    named = queries.chain_about([actor.id], now=now).device(parsed)
    policies_answer = policies.why_not_register(
        known=Device.objects.filter(id=named.device).exists()
        or Device.objects.filter(serial=named.serial).exists()
        or SignedStatement.objects.filter(digest=parsed.digest).exists()
    )
    if policies_answer is not None:
        raise Refused(policies_answer)
    event = DeviceRegistered(
        states=(actor.state,), device=named.device, person=actor.id, digest=parsed.digest
    )
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Device.objects.create(
        id=named.device,
        person_id=actor.id,
        # The statement is part of this act: it shares its event through the device's head row.
        statement=keep_statement(parsed, event=event_id, now=now),
        signature_key=named.signature_key,
        serial=named.serial,
        added_at=now,
        until=named.until,
        audit_event_id=event_id,
    )
    accounts.bind_device(session=actor.session, device=named.device)
    return named.device


@transaction.atomic
def select_device(*, device: str, actor: Actor, now: datetime) -> str:
    """
    Let the actor's session work as one of their own devices.

    :raises NotVisible: if it is not theirs or not in force.
    """
    found = queries.own_device(actor, device)
    event = DeviceSelected(states=(actor.state,), device=str(found.id))
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["audit_event_id"])
    accounts.bind_device(session=actor.session, device=str(found.id))
    return str(found.id)
