"""A person's own devices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

import audit.services
from casehub.accounts import services as accounts
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.directory import notify, policies, queries, statements
from casehub.directory.chain import DeviceOf
from casehub.directory.events import DeviceRegistered, DeviceRenewed, DeviceSelected
from casehub.directory.models import Device, SignedStatement

from .entering import keep_statement

LASTING = ("device", "serial", "signature_key", "history_key")  # what an MLS leaf shows of it


def named_by(
    statement: dict[str, Any], *, actor: Actor, now: datetime
) -> tuple[statements.Statement, DeviceOf]:
    """
    Read the statement by which the actor names a device of their own.

    :raises ChainBroken: if it does not lead back to the person's ministry.
    :raises Refused: `device-of-another` if it names another person.
    """
    parsed = statements.parse(statement)
    if parsed.person != actor.id:
        raise Refused("device-of-another")
    return parsed, queries.chain_about([actor.id], now=now).device(parsed)


def is_known(parsed: statements.Statement, named: DeviceOf) -> bool:
    """Say whether a device's id or serial, or this very statement, is taken."""
    return (
        Device.objects.filter(id=named.device).exists()
        or Device.objects.filter(serial=named.serial).exists()
        or SignedStatement.objects.filter(digest=parsed.digest).exists()
    )


def keep_device(
    parsed: statements.Statement, named: DeviceOf, *, actor: Actor, now: datetime
) -> None:
    """Record that the actor named a device, and keep it: part of the act that names it."""
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
    notify.devices_changed(actor.id)


@transaction.atomic
def register_device(*, statement: dict[str, Any], actor: Actor, now: datetime) -> str:
    """
    Register the device that the actor's identity key named, and let the session work as it.

    :raises ChainBroken: if the statement does not lead back to the person's ministry.
    :raises Refused: `device-of-another` if it names another person, `device-known` if its id,
        serial or key is taken.
    """
    parsed, named = named_by(statement, actor=actor, now=now)
    require(policies.why_not_register(known=is_known(parsed, named)))
    keep_device(parsed, named, actor=actor, now=now)
    accounts.bind_device(session=actor.session, device=named.device)
    return named.device


@transaction.atomic
def renew_device(*, device: str, statement: dict[str, Any], actor: Actor, now: datetime) -> str:
    """
    Let a device of the actor's count for longer: the same id, serial and keys, a later end.

    :raises ChainBroken: if the statement does not lead back to the person's ministry.
    :raises NotVisible: if the device is not theirs or not in force.
    :raises Refused: `device-of-another`, `device-not-as-asked` if it names other keys,
        `device-known` if it does not end later.
    """
    found = queries.own_device(actor, device)
    parsed, named = named_by(statement, actor=actor, now=now)
    before = queries.as_signed(found.statement).fields
    same = all(parsed.fields[name] == before[name] for name in LASTING)
    require(policies.why_not_renew(same=same, later=named.until > found.until))
    event = DeviceRenewed(
        states=(actor.state,), device=named.device, person=actor.id, digest=parsed.digest
    )
    event_id = audit.services.record(event, actor=actor.id, at=now)
    found.statement = keep_statement(parsed, event=event_id, now=now)
    found.until, found.audit_event_id = named.until, event_id
    found.save(update_fields=["statement", "until", "audit_event_id"])
    notify.devices_changed(actor.id)
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
