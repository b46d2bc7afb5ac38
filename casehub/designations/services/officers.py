"""
The first hands of a State: officers whom its root named, offline, and whom nobody here drafted.

Everything else in a region follows from people; these follow from a key in a safe. The operator
lets them in with a code, and carries to the server what the ceremony made (`manage.py ceremony`).
What the operator enters gives no authority: the root's signature does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from casehub.directory import services as directory
from casehub.directory import statements
from casehub.directory.models import Notice, Office, Person

from .. import policies
from ..events import CeremonyEntered, OfficerInvited
from ..models import Designation
from ..queries import hands, reading
from ..stages import Stage
from .inviting import code_for, invited, waiting_for_code
from .moving import enter_stage, tell


@transaction.atomic
def invite_officer(
    *,
    state: str,
    office: UUID,
    name: str,
    post: str,
    languages: Sequence[str],
    actor: Actor,
    now: datetime,
) -> tuple[UUID, str, datetime]:
    """
    Let somebody enrol who will be an officer of a ministry; return their id, a code and its end.

    The code goes to them by a way of the State's own.

    :raises NotVisible: if the State has no such ministry.
    """
    ministry = Office.objects.filter(id=office, state=state, kind=Office.Kind.MINISTRY).first()
    if ministry is None:
        raise NotVisible
    found = invited(ministry, policies.MINISTRY, name, post, languages, now)
    event = OfficerInvited(
        states=found.concerned, designation=str(found.id), person=str(found.person)
    )
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    return found.person, *code_for(found, now=now)


@transaction.atomic
def invite_officer_again(
    *, person: UUID, actor: Actor, now: datetime
) -> tuple[UUID, str, datetime]:
    """
    Make another code for somebody who was invited and has not enrolled: the one before is void.

    :raises NotVisible: if nobody of that id waits for a code.
    :raises Refused: `enrolled-already`.
    """
    found = waiting_for_code(person, [policies.MINISTRY])
    event = OfficerInvited(
        states=found.concerned, designation=str(found.id), person=str(found.person)
    )
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    return found.person, *code_for(found, now=now)


@transaction.atomic
def enter_from_ceremony(*, statement: dict[str, Any], actor: Actor, now: datetime) -> str:
    """
    Enter what a root has signed offline: itself, its successor, an officer; return its digest.

    An officer's own page must have offered the very key that the root named: then they are active
    from here on. A mandate that is prolonged names the key that counts already.

    :raises ChainBroken: `malformed`, or why it would not count.
    :raises Refused: `payload-changed` if it is of another type; `binding-differs` if the officer's
        page holds another key; `person-unknown` if nobody of that id was invited.
    """
    signed = statements.parse(statement)
    if signed.type not in {"state-root", "officer"}:
        raise Refused("payload-changed")
    held = _held(signed) if signed.type == "officer" else None
    hands.require_counts(signed, now)
    event = CeremonyEntered(
        states=(str(signed.fields["state"]),),
        type=signed.type,
        person=signed.person,
        statement=signed.digest,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    directory.enter_statement(statement=signed, actor=actor, now=now)
    if held is not None:
        _activate(signed, *held, act=act, now=now)
    return signed.digest


def _held(signed: statements.Statement) -> tuple[Designation | None, Person | None]:
    """
    Return whom an officer's statement names, and their last term; held until all is written.

    So a stop comes before it or after, and is not written over.
    """
    rows = Designation.objects.filter(
        person=signed.person,
        roles=policies.MINISTRY,
        stage__in=[Stage.CEREMONY, Stage.ACTIVE, Stage.EXPIRED],
    )
    found = reading.held(rows.order_by("-drafted_at")).first()
    person = Person.objects.filter(id=signed.person, state=signed.fields["state"]).first()
    return found, None if person is None else directory.held_person(person.id)


def _activate(
    signed: statements.Statement,
    found: Designation | None,
    person: Person | None,
    *,
    act: int,
    now: datetime,
) -> None:
    fields = signed.fields
    if person is None or found is None:
        raise Refused("person-unknown")
    if found.key is None or to_b64u(found.key) != fields["key"]:
        raise Refused("binding-differs")
    began = found.stage == Stage.CEREMONY
    until = statements.instant(fields["until"])
    changed = [what for what in ("name", "post") if getattr(person, what) != fields[what]]
    person.roles, person.functions = policies.MINISTRY, ""
    person.name, person.post = fields["name"], fields["post"]
    person.valid_until, person.audit_event_id = until, act
    person.save(
        update_fields=["roles", "functions", "name", "post", "valid_until", "audit_event_id"]
    )
    found.name, found.post, found.until = person.name, person.post, until
    found.approved_at = found.bound_at = now
    found.reminded = None
    enter_stage(found, Stage.ACTIVE, act=act, now=now, due_at=until)
    kind = Notice.Kind.ANNOUNCED if began else Notice.Kind.RENEWED
    directory.give(
        kind=kind,
        state=found.state,
        person=person.id,
        changed=() if began else changed,
        act=act,
        now=now,
    )
    tell(found, person.id)
