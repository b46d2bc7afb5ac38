"""
Who serves the region and no State: the secretariat on call, and those who audit all States.

No ministry names them and no key of theirs counts in the chain: what they may do opens nothing that
is encrypted. The installation lets them in by two acts, hears their words in between, and lets them
out by one (ADR 44).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused, require
from casehub.directory import fingerprints
from casehub.directory import services as directory
from casehub.directory.models import Office, Person, Stop

from .. import limits, policies
from ..events import RegionalAdmitted, RegionalDismissed, RegionalInvited
from ..models import Designation
from ..queries import reading, trying
from ..stages import Stage
from .inviting import code_for, invited, waiting_for_code
from .moving import enter_stage, tell


@transaction.atomic
def invite_regional(
    *,
    office: UUID,
    role: str,
    name: str,
    post: str,
    languages: Sequence[str],
    actor: Actor,
    now: datetime,
) -> tuple[UUID, str, datetime]:
    """
    Let somebody enrol who will serve the region; return their id, a one-time code and its end.

    :raises NotVisible: if there is no such regional office.
    :raises Refused: `roles-unknown`.
    """
    if role not in policies.REGIONAL:
        raise Refused("roles-unknown")
    kind = Office.Kind.REGIONAL
    regional = Office.objects.filter(id=office, state=None, kind=kind).first()
    if regional is None:
        raise NotVisible
    found = invited(regional, role, name, post, languages, now)
    return found.person, *_invite(found, actor=actor, now=now)


@transaction.atomic
def invite_regional_again(
    *, person: UUID, actor: Actor, now: datetime
) -> tuple[UUID, str, datetime]:
    """
    Make another code for somebody who was invited and has not enrolled: the one before is void.

    :raises NotVisible: if nobody of that id waits for a code.
    :raises Refused: `enrolled-already`.
    """
    found = waiting_for_code(person, policies.REGIONAL)
    return found.person, *_invite(found, actor=actor, now=now)


def _invite(found: Designation, *, actor: Actor, now: datetime) -> tuple[str, datetime]:
    event = RegionalInvited(
        states=(), designation=str(found.id), person=str(found.person), role=found.roles
    )
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    return code_for(found, now=now)


@transaction.atomic
def admit_regional(*, person: UUID, heard: str, actor: Actor, now: datetime) -> datetime:
    """
    Let somebody who has enrolled serve, or serve on: for a year from `now`; return its end.

    `heard` are the six words that they read aloud from their page. A term that goes on asks for
    them again, so that it is the same person who goes on: their page shows them until its end,
    and whoever cannot sign in has no page.

    :raises NotVisible: if nobody of that id was invited to serve the region.
    :raises Refused: `key-missing`, `second-passkey-needed`, `binding-differs`;
        `regional-stopped`, `account-closed`.
    """
    found, known = _of_the_region(person)
    key = bytes(found.key) if found.key is not None else None
    require(
        policies.why_not_admit(
            key=key,
            heard=" ".join(heard.split()).lower(),
            words=fingerprints.words_of(key) if key is not None else "",
            passkeys=len(trying.passkeys_of(found, known)),
            passkeys_needed=settings.PASSKEYS_NEEDED,
            stopped=known.stopped,
            closed=known.closed,
        )
    )
    until = now + limits.LONGEST
    event = RegionalAdmitted(
        states=(),
        designation=str(found.id),
        person=str(found.person),
        role=found.roles,
        until=f"{until:%Y-%m-%d}",
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    known.roles, known.valid_until, known.audit_event_id = found.roles, until, act
    known.save(update_fields=["roles", "valid_until", "audit_event_id"])
    found.until, found.approved_at, found.bound_at = until, now, now
    found.reminded = found.read_out_at = None
    enter_stage(found, Stage.ACTIVE, act=act, now=now, due_at=until)
    tell(found, found.person)
    return until


@transaction.atomic
def dismiss_regional(*, person: UUID, actor: Actor, now: datetime) -> int:
    """
    Let somebody out who served the region, or was invited to; return how many sessions that ended.

    At once and for good, as a removal: if they come back they are invited anew. Also of somebody
    who is suspended, or whose term is over.

    :raises NotVisible: if nobody of that id was invited to serve the region.
    :raises Refused: `regional-stopped` if they were dismissed before.
    """
    found, known = _of_the_region(person)
    if known.removed_at is not None:
        raise Refused("regional-stopped")
    sessions = directory.end_sessions(person=known, kind=Stop.Kind.REMOVED, actor=actor, now=now)
    event = RegionalDismissed(
        states=(),
        designation=str(found.id),
        person=str(found.person),
        role=found.roles,
        sessions=sessions,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    directory.dismiss(person=known, act=act, now=now)
    known.valid_until, known.audit_event_id = min(known.valid_until, now), act
    known.save(update_fields=["valid_until", "audit_event_id"])
    found.codes.filter(used_at=None, void_at=None).update(void_at=now)
    found.until = min(found.until, now)
    enter_stage(found, Stage.EXPIRED, act=act, now=now, due_at=None)
    tell(found, found.person)
    return sessions


def _of_the_region(person: UUID) -> tuple[Designation, Person]:
    """
    Return somebody's term and their row, both held until the transaction ends.

    :raises NotVisible: if nobody of that id was invited to serve the region.
    """
    rows = Designation.objects.filter(person=person, state="", roles__in=policies.REGIONAL)
    found = reading.held(rows.select_related("office")).first()
    if found is None or not Person.objects.filter(id=person, state=None).exists():
        raise NotVisible
    return found, directory.held_person(person)
