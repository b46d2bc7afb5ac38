"""A person's own devices."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.accounts import services as accounts
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.frames import from_b64u
from casehub.directory import notify, policies, queries, statements
from casehub.directory.events import DeviceRegistered, DeviceRenewed, DeviceSelected
from casehub.directory.models import Device, DeviceRequest, SignedStatement

from .entering import keep_statement
from .stopping import held_person

LASTING = ("device", "serial", "signature_key", "history_key")  # what an MLS leaf shows of it


def _parse_naming(statement: dict[str, Any], *, actor: Actor) -> statements.Statement:
    """
    Read the statement by which the actor names a device of their own.

    :raises ChainBroken: `malformed`, if it is none.
    :raises Refused: `device-of-another` if it names another person.
    """
    parsed = statements.parse(statement)
    if parsed.person != actor.id:
        raise Refused("device-of-another")
    if parsed.type != "device":
        raise statements.ChainBroken("malformed")
    return parsed


def _require_counting(parsed: statements.Statement, *, now: datetime) -> None:
    """
    Pass only a statement that has its effect now.

    :raises ChainBroken: if it does not lead back to the person's ministry.
    :raises Refused: `statement-stale` if its term began long before it was signed.
    """
    begins, issued = (statements.instant(parsed.fields[name]) for name in ("from", "issued"))
    require(policies.why_not_begun(begins=begins, issued=issued))
    why = queries.why_not(parsed, now=now)
    if why is None and statements.instant(parsed.fields["from"]) > now:
        why = "device-not-yet"  # it would count later, but a session is to work as it now
    if why is not None:
        raise statements.ChainBroken(why)


def _hold_namer(actor: Actor) -> None:
    """
    Hold whoever names a device until all is written, and look afresh whether they are stopped.

    So a stop comes before the naming, which is refused then, or after it, and ends the device too.

    :raises ChainBroken: `person-revoked`.
    """
    if held_person(UUID(actor.id)).stopped:
        raise statements.ChainBroken("person-revoked")


def _is_known(parsed: statements.Statement) -> bool:
    """Say whether a device's id or serial, or this very statement, is taken."""
    fields = parsed.fields
    return (
        Device.objects.filter(id=fields["device"]).exists()
        or Device.objects.filter(serial=fields["serial"]).exists()
        or SignedStatement.objects.filter(digest=parsed.digest).exists()
    )


def _registered(parsed: statements.Statement, actor: Actor) -> DeviceRegistered:
    return DeviceRegistered(
        states=(actor.state,),
        device=str(parsed.fields["device"]),
        person=actor.id,
        digest=parsed.digest,
    )


def _keep_device(parsed: statements.Statement, *, person: str, act: int, now: datetime) -> str:
    """Keep a device under the event of the act that names it."""
    fields = parsed.fields
    Device.objects.create(
        id=fields["device"],
        person_id=person,
        # The statement is part of this act: it shares its event through the device's head row.
        statement=keep_statement(parsed, event=act, now=now),
        signature_key=from_b64u(fields["signature_key"], most=statements.KEY_SIZE),
        serial=fields["serial"],
        added_at=now,
        until=statements.instant(fields["until"]),
        audit_event_id=act,
    )
    notify.devices_changed(person)
    return str(fields["device"])


@transaction.atomic
def register_device(*, statement: dict[str, Any], actor: Actor, now: datetime) -> str:
    """
    Register the device that the actor's identity key named, and let the session work as it.

    :raises ChainBroken: if the statement does not lead back to the person's ministry.
    :raises Refused: `device-of-another` if it names another person, `device-known` if its id,
        serial or key is taken.
    """
    parsed = _parse_naming(statement, actor=actor)
    _hold_namer(actor)
    require(policies.why_not_register(known=_is_known(parsed)))
    _require_counting(parsed, now=now)
    act = audit.services.record(_registered(parsed, actor), actor=actor.id, at=now)
    device = _keep_device(parsed, person=actor.id, act=act, now=now)
    accounts.bind_device(session=actor.session, device=device)
    # It asked the others before it had the key itself: nobody is to answer that any more.
    asked = DeviceRequest.objects.filter(person_id=actor.id, session=actor.session, answer="")
    asked.update(answer=DeviceRequest.Answer.REPLACED, answered_at=now)
    return device


@transaction.atomic
def renew_device(*, device: str, statement: dict[str, Any], actor: Actor, now: datetime) -> str:
    """
    Let a device of the actor's count for longer: the same id, serial and keys, a later end.

    :raises ChainBroken: if the statement does not lead back to the person's ministry.
    :raises NotVisible: if the device is not theirs or not in force.
    :raises Refused: `device-of-another`, `device-not-as-asked` if it names other keys,
        `device-known` if it does not end later.
    """
    _hold_namer(actor)
    found = queries.own_device(actor, device)
    parsed = _parse_naming(statement, actor=actor)
    before = queries.as_signed(found.statement).fields
    same = all(parsed.fields[name] == before[name] for name in LASTING)
    until = statements.instant(parsed.fields["until"])
    require(policies.why_not_renew(same=same, later=until > found.until))
    _require_counting(parsed, now=now)
    event = DeviceRenewed(
        states=(actor.state,), device=device, person=actor.id, digest=parsed.digest
    )
    event_id = audit.services.record(event, actor=actor.id, at=now)
    found.statement = keep_statement(parsed, event=event_id, now=now)
    found.until, found.audit_event_id = until, event_id
    found.save(update_fields=["statement", "until", "audit_event_id"])
    notify.devices_changed(actor.id)
    return device


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
