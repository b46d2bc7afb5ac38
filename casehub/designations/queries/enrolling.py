"""What an enrolment needs to know: of a code that counts, and of whoever has used one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from django.db.models import Q

from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.core.frames import to_b64u
from casehub.directory import queries as directory
from casehub.directory.statements import signing_input

from .. import codes, limits, policies
from ..models import Designation, EnrolmentCode
from ..stages import Stage
from . import reading, trying

PROOF = "identity-key"
#  An officer invited whom the State's root has not named yet.
AWAITS_ROOT = Q(roles=policies.MINISTRY, stage=Stage.CEREMONY, rekey=False)


def code_row(code: str, now: datetime) -> EnrolmentCode | None:
    """
    Return a code that counts now: known, unused, not void, not over, of a ceremony.

    And of somebody whom nobody has stopped since it was made, whose account is not closed.
    """
    found = (
        EnrolmentCode.objects.filter(
            code_hash=codes.digest_of(code), used_at=None, void_at=None, expires_at__gt=now
        )
        .select_related("designation__office", "designation__renews")
        .first()
    )
    if found is None or found.designation.stage != Stage.CEREMONY:
        return None
    return None if why_closed_to(found.designation, made_at=found.made_at) else found


def why_closed_to(found: Designation, *, made_at: datetime | None = None) -> str | None:
    """Return why a designation's person gets no code, or one made then opens nothing."""
    person = reading.person_of(found)
    if person is None:
        return None
    since = made_at is not None and directory.stopped_since(person.id, made_at)
    return policies.why_not_code(stopped=person.stopped or since, closed=person.closed)


def awaits_root(person: UUID) -> bool:
    """Say whether somebody enrols who is to be an officer, whom the State's root will name."""
    return Designation.objects.filter(AWAITS_ROOT, person=person).exists()


def username_of(found: Designation) -> str:
    """Return the name of the account that an enrolment opens: it is nobody's to choose."""
    return f"{found.state.lower() or 'region'}.{found.person.hex[:12]}"


def invitation(found: Designation) -> dict[str, Any]:
    """Return what somebody with a right code sees of the designation that it is for."""
    return {
        "name": found.name,
        "post": found.post,
        "office": found.office.name,
        "state": found.state,
        "roles": found.role_list,
        "until": found.until,
    }


def own_designation(actor: Actor) -> Designation:
    """
    Return the designation that the actor enrols for, or has enrolled for last.

    One that asks for a new key is of whoever enrols for it, and of nobody who is signed in with
    what it shall take the place of: an earlier session offers no key for it. In a stopped State
    whoever its root is to name enrols so, too.

    :raises NotVisible: if there is none.
    """
    stages = [Stage.CEREMONY, Stage.APPROVED, Stage.ACTIVE]
    rows = Designation.objects.filter(person=actor.id, stage__in=stages)
    anew = Q(rekey=True, bound_at=None)
    rows = rows.filter(anew | AWAITS_ROOT) if actor.enrolling else rows.exclude(anew)
    found = {one.stage: one for one in rows.select_related("office").order_by("drafted_at")}
    for stage in stages:
        if stage in found:
            return found[stage]
    raise NotVisible


def enrolment_of(actor: Actor) -> dict[str, Any]:
    """
    Return how far the actor's own enrolment has come.

    :raises NotVisible: if nobody has designated them here.
    """
    found = own_designation(actor)
    return invitation(found) | {
        "designation": found.id,
        "serial": found.serial,
        "person": found.person,
        "stage": found.stage,
        "due_at": found.due_at,
        "passkeys": len(trying.passkeys_of(found, reading.person_of(found))),
        "passkeys_wanted": limits.PASSKEYS,
        "key": to_b64u(found.key) if found.key is not None else None,
        "bound_at": found.bound_at,
        "telephone": directory.telephone_of(found.state, policies.binders(found.role_list)),
    }


def proof_input(found: Designation, key: bytes) -> bytes:
    """Return what somebody signs to show that they hold an identity key, for this designation."""
    said: dict[str, Any] = {
        "v": 1,
        "designation": str(found.serial),
        "person": str(found.person),
        "key": to_b64u(key),
    }
    return signing_input(PROOF, rfc8785.dumps(said))
