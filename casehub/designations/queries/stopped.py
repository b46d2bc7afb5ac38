"""Who was stopped, and by which statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from casehub.core.actor import Actor
from casehub.directory.models import Person, SignedStatement

from ..models import FirstHand
from . import reading

NOT_SIGNED = "0" * 64  # a stop by somebody without a key, whom no statement could name


def is_removed(person: Person) -> bool:
    """Say whether somebody was removed for good."""
    return getattr(person, "removed_at", None) is not None


def revocation_of(person: Person) -> str:
    """Return the name of the last statement that stopped a person, or zeros if none was signed."""
    rows = SignedStatement.objects.filter(type="revocation", person=person.id)
    found = next(
        (row for row in rows.order_by("-entered_at", "-audit_event_id") if _of_person(row)), None
    )
    return found.digest if found else NOT_SIGNED


def _of_person(row: SignedStatement) -> bool:
    return b'"device":null' in bytes(row.body)  # canonical JSON has one spelling


def reinstatement_of(actor: Actor, person: UUID, *, now: datetime) -> dict[str, Any]:
    """
    Return what the reinstatement of a person of the actor's State has to say, and its first hand.

    :raises NotVisible: if the State has no such person.
    """
    found = reading.own_person(actor, person)
    first = (
        FirstHand.objects.filter(
            kind=FirstHand.Kind.REINSTATEMENT, person=found.id, done_at=None, due_at__gt=now
        )
        .select_related("signer")
        .order_by("-at")
        .first()
    )
    return {
        "person": found.id,
        "name": found.name,
        "suspended_at": found.suspended_at,
        "removed": is_removed(found),
        "revokes": revocation_of(found),
        "first": reading.first_shape(first),
    }
