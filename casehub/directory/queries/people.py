"""States and people: who there is, and who counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.directory import policies
from casehub.directory.models import Person, State

# Asked for at every request: what decides whether somebody acts, and as what.
_ACTING = (
    *("roles", "functions", "valid_until", "suspended_at", "removed_at"),
    *("office__name", "account__is_active", "state__stopped_at"),
)


def actor_behind(*, account: str, session: str, device: str | None) -> Actor | None:
    """Return the actor of an account, or None if no person in force stands behind it."""
    rows = Person.objects.filter(account_id=account).select_related("office", "account", "state")
    person = next(iter(rows.only(*_ACTING)), None)  # an account has one person
    now = timezone.now()
    if person is None:
        return _enrolling(account, session, device)
    if not (person.stands(now) or person.in_week(now)):
        return None
    # Of a stopped State those are let in who can say that it was right, or that it is over.
    if person.state_stopped and not person.role_set & policies.REMOVERS:
        # And whoever its root is to name, for a State left with one hand; to enrol, no more.
        # Designations are above this app and named in the settings, as for `actor_for`.
        if person.role_set or not import_string(settings.CASEHUB_AWAITS_ROOT)(person.id):
            return None
        return _as_enrolling(person, account, session, device)
    return Actor(
        id=str(person.id),
        account=account,
        state=person.state_id or "",
        roles=person.role_set,
        office=person.office.name,
        session=session,
        device=device,
        state_stopped=person.state_stopped,
        reads_until=None if person.stands(now) else person.reads_until,
        functions=person.function_set,
    )


def _enrolling(account: str, session: str, device: str | None) -> Actor | None:
    """Return whoever enrols for a new key with this account: of no role, whatever they were."""
    rows = Person.objects.filter(enrolling=UUID(account))
    person = rows.select_related("office", "state").first()
    if person is None or person.stopped or person.state_stopped:
        return None
    return _as_enrolling(person, account, session, device)


def _as_enrolling(person: Person, account: str, session: str, device: str | None) -> Actor:
    """Return somebody to whom what is a part of an enrolment is open, and nothing else."""
    return Actor(
        id=str(person.id),
        account=account,
        state=person.state_id or "",
        roles=frozenset(),
        office=person.office.name,
        session=session,
        device=device,
        enrolling=True,
    )


def why_nobody(account: str) -> str:
    """Return why nobody acts behind an account whose owner has just shown a proof, by code."""
    rows = Person.objects.filter(Q(account=account) | Q(enrolling=account))
    person = rows.select_related("state").first()
    if person is None:
        return "no-person"
    if person.stopped:
        if person.removed_at is not None:
            return "access-removed"
        unused = person.stops.filter(ended_at=None, device=None, reason=policies.UNUSED).exists()
        return "access-unused" if unused else "access-suspended"
    if person.state_stopped:
        return "state-stopped"
    return "access-expired" if person.valid_until <= timezone.now() else "no-person"


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
    found = Person.objects.filter(id__in=ids).select_related("account", "state")
    return {p.id: p for p in found if p.in_force(now) and p.role_set & roles}


def anybody_stays(ids: Collection[UUID | str], *, roles: frozenset[str]) -> bool:
    """Say whether one of these people has one of `roles` and has not left it for good."""
    now = timezone.now()
    rows = Person.objects.filter(id__in=ids).select_related("account")
    return any(one.role_set & roles and not one.is_gone(now) for one in rows)


def holders_of(state: str, roles: frozenset[str]) -> list[UUID]:
    """Return those of a State who are in force and have one of `roles`."""
    now = timezone.now()
    found = Person.objects.filter(state_id=state).select_related("account", "state")
    return [p.id for p in found if p.in_force(now) and p.role_set & roles]


def carriers_of(state: str, function: str) -> list[UUID]:
    """Return those of a State who are in force and whose designation carries a function."""
    now = timezone.now()
    found = Person.objects.filter(state_id=state).select_related("account", "state")
    return [p.id for p in found if p.in_force(now) and function in p.function_set]


def states_with(roles: frozenset[str], *, among: Collection[str]) -> set[str]:
    """Return those of some States in which somebody in force has one of `roles`."""
    now = timezone.now()
    found = Person.objects.filter(state_id__in=among).select_related("account", "state")
    return {str(p.state_id) for p in found if p.in_force(now) and p.role_set & roles}


def telephone_of(state: str, role: str) -> str:
    """Return the public telephone of whoever has a role in a State and is in force; or nothing."""
    now = timezone.now()
    rows = Person.objects.filter(state_id=state).exclude(office__telephone="")
    found = rows.select_related("account", "state", "office").order_by("name", "id")
    told = (p.office.telephone for p in found if p.in_force(now) and role in p.role_set)
    return next(told, "")


def in_their_week(ids: Collection[UUID | str], now: datetime) -> dict[UUID, datetime]:
    """Return until when those of `ids` still read whose designation is over, by id."""
    found = Person.objects.filter(id__in=ids).select_related("account", "state")
    return {p.id: p.reads_until for p in found if p.in_week(now)}


def state_codes() -> set[str]:
    """Return the codes of all States."""
    return set(State.objects.values_list("code", flat=True))
