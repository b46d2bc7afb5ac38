"""
Terms whose statements were all made and signed elsewhere, before this place had anybody in it.

The demo region is such a place: its ceremonies are real, and performed at once. Its people are
renewed, suspended and let in again by the same acts as everybody, which ask for their term.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import Refused
from casehub.core.frames import from_b64u
from casehub.directory import statements
from casehub.directory.functions import functions_of
from casehub.directory.models import Person, SignedStatement
from casehub.directory.statements import Statement

from .. import policies
from ..events import CeremonyEntered
from ..models import Designation
from ..stages import Stage


@transaction.atomic
def adopt_term(
    *, signed: Statement, binding: Statement | None, drafter: UUID, actor: Actor, now: datetime
) -> UUID:
    """
    Take over a term by its statements, which were entered in the directory; return its id.

    `signed` is the officer's mandate, or the designation that `binding` gives a key to. Whose hands
    are under a designation is read in it; no act of here is made up for them. It gives no
    authority: whoever relies on the term verifies the chain.

    :raises Refused: `person-unknown`; `enrolled-already` if a term of theirs is here;
        `payload-changed` if the two are not of one term, or are not in the directory.
    """
    fields = signed.fields
    state = str(fields["state"])
    person = Person.objects.filter(id=signed.person, state=state).first()
    if person is None:
        raise Refused("person-unknown")
    if Designation.objects.filter(person=person.id).exists():
        raise Refused("enrolled-already")
    officer = signed.type == "officer"
    keyed = signed if officer else binding
    if keyed is None or (not officer and keyed.fields["designation"] != fields["serial"]):
        raise Refused("payload-changed")
    digests = {signed.digest, keyed.digest}
    if SignedStatement.objects.filter(digest__in=digests).count() != len(digests):
        raise Refused("payload-changed")
    event = CeremonyEntered(
        states=(state,), type=signed.type, person=str(person.id), statement=signed.digest
    )
    until = statements.instant(fields["until"])
    found = Designation(
        person=person.id,
        state=state,
        stage=Stage.ACTIVE,
        stage_since=now,
        due_at=until,
        name=fields["name"],
        post=fields["post"],
        office_id=person.office_id,
        roles=policies.MINISTRY if officer else ",".join(sorted(fields["roles"])),
        functions="" if officer else ",".join(sorted(functions_of(fields))),
        languages=person.languages if officer else ",".join(sorted(fields["languages"])),
        scope=",".join(sorted(fields.get("scope", []))),
        region=fields.get("region") or "",
        deputy=fields.get("deputy"),
        starts=statements.instant(fields["from"]),
        until=until,
        drafter_id=drafter,
        drafted_at=now,
        serial=UUID(fields["serial"]),
        approved_at=now,
        statement=signed.digest,
        key=from_b64u(keyed.fields["key"], most=statements.KEY_SIZE),
        key_at=now,
        bound_at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    found.save(force_insert=True)
    return found.id
