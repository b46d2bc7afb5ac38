"""Writing to the directory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.accounts import services as accounts
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.frames import from_b64u

from . import policies, queries, statements
from .events import (
    DeviceRegistered,
    DeviceSelected,
    OfficeEntered,
    PersonEntered,
    StateEntered,
    StatementEntered,
)
from .models import Device, Office, Person, SignedStatement, State


@transaction.atomic
def enter_state(
    *, code: str, name_es: str, name_en: str, name_fr: str, actor: Actor, now: datetime
) -> str:
    """Enter a State of the Conference by its two-letter code."""
    event_id = audit.services.record(
        StateEntered(states=(code,), code=code), actor=actor.id, at=now
    )
    State.objects.create(
        code=code, name_es=name_es, name_en=name_en, name_fr=name_fr, audit_event_id=event_id
    )
    return code


@transaction.atomic
def enter_office(*, state: str, name: str, actor: Actor, now: datetime) -> UUID:
    """Enter an office of a State, or a regional one (`state` empty), and return its id."""
    office = uuid4()
    event = OfficeEntered(states=(state,) if state else (), office=str(office))
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Office.objects.create(id=office, state_id=state or None, name=name, audit_event_id=event_id)
    return office


@transaction.atomic
def enter_person(
    *,
    account: UUID,
    state: str,
    office: UUID,
    name: str,
    post: str,
    roles: Sequence[str],
    languages: Sequence[str],
    valid_until: datetime,
    fictional: bool,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Enter a person and return their id; their rights follow from their signed designation."""
    person = uuid4()
    event = PersonEntered(
        states=(state,) if state else (), person=str(person), roles=tuple(sorted(roles))
    )
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Person.objects.create(
        id=person,
        account_id=account,
        state_id=state or None,
        office_id=office,
        name=name,
        post=post,
        roles=",".join(sorted(roles)),
        languages=",".join(languages),
        valid_until=valid_until,
        fictional=fictional,
        audit_event_id=event_id,
    )
    return person


def _keep(statement: statements.Statement, *, event: int, now: datetime) -> SignedStatement:
    return SignedStatement.objects.create(
        digest=statement.digest,
        type=statement.type,
        state=statement.fields["state"],
        person=statement.fields.get("person"),
        body=statement.body,
        signatures=statements.as_wire(statement)["signatures"],
        entered_at=now,
        audit_event_id=event,
    )


@transaction.atomic
def enter_statement(*, statement: statements.Statement, actor: Actor, now: datetime) -> str:
    """
    Enter one signed statement of the chain and return its digest.

    Entering gives no authority: whoever relies on it verifies the whole chain each time.
    """
    event = StatementEntered(
        states=(statement.fields["state"],),
        type=statement.type,
        person=statement.person,
        digest=statement.digest,
    )
    event_id = audit.services.record(event, actor=actor.id, at=now)
    _keep(statement, event=event_id, now=now)
    return statement.digest


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
    if parsed.type != "device":
        raise statements.ChainBroken("malformed")
    fields = parsed.fields
    device, until = str(fields["device"]), statements.instant(fields["until"])
    require(
        policies.why_not_register(
            known=Device.objects.filter(id=device).exists()
            or Device.objects.filter(serial=fields["serial"]).exists()
            or SignedStatement.objects.filter(digest=parsed.digest).exists()
        )
    )
    why = queries.why_not(parsed, now=now)
    if why is None and statements.instant(fields["from"]) > now:
        why = "device-not-yet"  # it would count later, but this session is to work as it now
    if why is not None:
        raise statements.ChainBroken(why)
    event = DeviceRegistered(
        states=(actor.state,), device=device, person=actor.id, digest=parsed.digest
    )
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Device.objects.create(
        id=device,
        person_id=actor.id,
        # The statement is part of this act: it shares its event through the device's head row.
        statement=_keep(parsed, event=event_id, now=now),
        signature_key=from_b64u(fields["signature_key"], most=statements.KEY_SIZE),
        serial=fields["serial"],
        added_at=now,
        until=until,
        audit_event_id=event_id,
    )
    accounts.bind_device(session=actor.session, device=device)
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
