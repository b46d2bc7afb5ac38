"""Who was stopped, and by which statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from casehub.core.actor import Actor
from casehub.directory.models import Person, Stop

from ..models import FirstHand
from . import hands, reading

NOT_SIGNED = "0" * 64  # a stop by somebody without a key, whom no statement could name


def is_removed(person: Person) -> bool:
    """Say whether somebody was removed for good."""
    return getattr(person, "removed_at", None) is not None


def revocation_of(person: Person) -> str:
    """
    Return the name of the statement under a person's suspension, or zeros if it is not signed.

    Of the one that holds: what stopped them earlier, and was lifted, can be lifted no more.
    """
    found = _holding(person).exclude(statement=None).first()
    return str(found.statement_id) if found else NOT_SIGNED


def _holding(person: Person) -> QuerySet[Stop]:
    rows = Stop.objects.filter(person=person, kind=Stop.Kind.SUSPENDED, device=None, ended_at=None)
    return rows.select_related("by")


def reinstatement_of(actor: Actor, person: UUID, *, now: datetime) -> dict[str, Any]:
    """
    Return what the reinstatement of a person of the actor's State has to say, and its first hand.

    :raises NotVisible: if the State has no such person.
    """
    found = reading.own_person(actor, person)
    kind = FirstHand.Kind.REINSTATEMENT
    first = hands.first_that_counts(kind, found.id, now)
    void = hands.void_first(kind, found.id, since=found.suspended_at, now=now)
    stop = _holding(found).first()
    return {
        "person": found.id,
        "name": found.name,
        "suspended_at": found.suspended_at,
        "suspended_by": _of_home(stop, found),
        "reason": stop.reason if stop else "",
        "removed": is_removed(found),
        "revokes": revocation_of(found),
        "first": reading.first_shape(first),
        "void": _void_shape(*void) if void else None,
    }


def _of_home(stop: Stop | None, person: Person) -> dict[str, Any] | None:
    """Return who stopped somebody, if it was a person of their own State."""
    if stop is None or stop.by is None or stop.by.state_id != person.state_id:
        return None
    return {"id": stop.by.id, "name": stop.by.name, "post": stop.by.post}


def _void_shape(first: FirstHand, why: str) -> dict[str, Any]:
    """Return a first hand that counts no more: nobody signs what it was under."""
    signer = {"id": first.signer_id, "name": first.signer.name, "post": first.signer.post}
    return {"signer": signer, "at": first.at, "why": why}
