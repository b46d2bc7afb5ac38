"""Entering States, offices, people and the statements of the chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, require
from casehub.directory import policies, statements
from casehub.directory.events import OfficeEntered, PersonEntered, StateEntered, StatementEntered
from casehub.directory.models import Notice, Office, Person, SignedStatement, State

from .notices import give


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
def enter_office(
    *, state: str, kind: str, name: str, telephone: str = "", actor: Actor, now: datetime
) -> UUID:
    """
    Enter an office of a State, or a regional one (`state` empty), and return its id.

    `telephone` is public, as people of other countries dial it; empty: none is known.

    :raises NotVisible: if it is not the actor's own State; who has none is the installation.
    :raises Refused: `office-kind`, `offices-full`, `telephone-malformed`.
    """
    if actor.state not in {"", state}:
        raise NotVisible
    require(policies.why_not_office_kind(kind=kind, state=state))
    count = Office.objects.filter(state_id=state or None).count()
    require(policies.why_not_enter_office(count=count))
    require(policies.why_not_telephone(telephone))
    office = uuid4()
    event = OfficeEntered(states=(state,) if state else (), office=str(office))
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Office.objects.create(
        id=office,
        state_id=state or None,
        kind=kind,
        name=name,
        telephone=telephone,
        audit_event_id=event_id,
    )
    if actor.state:  # what the installation begins with is no change
        changed = [Notice.Changed.OFFICE_NEW]
        give(
            kind=Notice.Kind.CHANGED,
            state=state,
            name=name,
            changed=changed,
            act=event_id,
            now=now,
        )
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
    functions: Sequence[str] = (),
    languages: Sequence[str],
    scope: Sequence[str] = (),
    valid_until: datetime,
    fictional: bool,
    known_as: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Enter a person and return their id; their rights follow from their signed designation."""
    person = known_as or uuid4()
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
        functions=",".join(sorted(functions)),
        languages=",".join(languages),
        scope=",".join(scope),
        valid_until=valid_until,
        fictional=fictional,
        audit_event_id=event_id,
    )
    return person


def keep_statement(
    statement: statements.Statement, *, event: int, now: datetime
) -> SignedStatement:
    """Keep a statement exactly as it was signed, under the event of the act that brings it."""
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
    keep_statement(statement, event=event_id, now=now)
    return statement.digest
