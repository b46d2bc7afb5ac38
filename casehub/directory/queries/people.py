"""States and people: who there is, and who counts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils import timezone

from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.directory.models import Person, State


def actor_behind(*, account: str, session: str, device: str | None) -> Actor | None:
    """Return the actor of an account, or None if no person in force stands behind it."""
    person = Person.objects.filter(account_id=account).select_related("office", "account").first()
    if person is None or not person.in_force(timezone.now()):
        return None
    return Actor(
        id=str(person.id),
        account=account,
        state=person.state_id or "",
        roles=person.role_set,
        office=person.office.name,
        session=session,
        device=device,
    )


def states() -> list[dict[str, Any]]:
    """Return every State with its names."""
    return [
        {"code": s.code, "name": {"es": s.name_es, "en": s.name_en, "fr": s.name_fr}}
        for s in State.objects.order_by("code")
    ]


def own_person(actor: Actor, person: UUID | str) -> Person:
    """
    Return a person of the actor's State.

    :raises NotVisible: if they are another's, or nobody.
    """
    found = Person.objects.filter(id=person, state_id=actor.state or None).first()
    if found is None or found.state_id is None:
        raise NotVisible
    return found


def people_with(ids: Collection[UUID | str], *, roles: frozenset[str]) -> dict[UUID, Person]:
    """Return those of `ids` who are in force and have one of `roles`, by id."""
    now = timezone.now()
    found = Person.objects.filter(id__in=ids).select_related("account")
    return {p.id: p for p in found if p.in_force(now) and p.role_set & roles}


def state_codes() -> set[str]:
    """Return the codes of all States."""
    return set(State.objects.values_list("code", flat=True))
