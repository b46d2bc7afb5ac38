"""Cards: what of each person whoever looks is told, by their role."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet
from django.utils import timezone

from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.directory.models import Change, ContactOpening, Person
from casehub.directory.policies import ABROAD, TOLD, told

from .stops import stops_of

Shape = dict[str, Any]
LATEST = 200  # changes, and openings of a contact, on one card


def status_of(person: Person) -> str:
    """Return in a word whether a person counts now: in-force, suspended, expired or closed."""
    now = timezone.now()
    if person.in_force(now):
        return "in-force"
    if person.stopped or person.state_stopped:
        return "suspended"
    return "expired" if person.valid_until <= now else "closed"


def _hours(person: Person) -> Shape | None:
    try:
        hours = person.hours
    except ObjectDoesNotExist:
        return None
    return {
        "zone": hours.zone,
        "days": [int(day) for day in hours.days],
        "opens": hours.opens,
        "closes": hours.closes,
    }


def _duty(person: Person) -> bool | None:
    """Say whether a person answers outside hours; None if they have given no contact."""
    try:
        return person.contact.duty
    except ObjectDoesNotExist:
        return None


def card(person: Person, level: str) -> Shape:
    """Return what a level of `policies.TOLD` shows of a person; the rest is as if it were not."""
    at_least = TOLD.index(level)
    shape: Shape = {
        "id": person.id,
        "state": person.state_id or "",
        "told": level,
        "status": status_of(person),
        "roles": sorted(person.role_set),
        "functions": sorted(person.function_set),
        "fictional": person.fictional,
        "office": "",
        "office_id": None,
        "telephone": "",
        "post": "",
        "name": "",
        "languages": [],
        "scope": [],
        "valid_until": None,
        "hours": None,
        "duty": False,
        "contact": None,
        "stopped": None,
    }
    if at_least >= TOLD.index("post"):
        shape |= {
            "office": person.office.name,
            "office_id": person.office_id,
            "telephone": person.office.telephone,
            "post": person.post,
        }
    if at_least >= TOLD.index("card"):
        duty = _duty(person)
        shape |= {
            "name": person.name,
            "languages": person.languages.split(","),
            "scope": [one for one in person.scope.split(",") if one],
            "valid_until": person.valid_until,
            "hours": _hours(person),
            "duty": bool(duty) and "coordinator" in person.role_set,
            "contact": (duty is not None) if level == "own" else None,
        }
    return shape


def _told_to(actor: Actor) -> QuerySet[Person]:
    """
    Return the people of whom `actor` is told anything at all.

    Whoever has enrolled and has no role yet is nobody's to know: their key does not count.
    """
    which = []
    if actor.state and told(actor, actor.state) != "nothing":
        which.append(Q(state=actor.state))
    if told(actor, ABROAD) != "nothing":
        which.append(Q(state__isnull=False) & ~Q(state=actor.state))
    if told(actor, "") != "nothing":
        which.append(Q(state=None))
    shown = Person.objects.exclude(roles="").select_related(
        "office", "account", "state", "hours", "contact"
    )
    return shown.filter(reduce(or_, which)) if which else shown.none()


def people_for(actor: Actor) -> list[Shape]:
    """Return a card of everybody of whom `actor` is told something, each as far as they are."""
    people = list(_told_to(actor).order_by("state_id", "name", "id"))
    stopped = stops_of(people)
    return [
        card(person, told(actor, person.state_id or "")) | {"stopped": stopped.get(person.id)}
        for person in people
    ]


def person_for(actor: Actor, person: UUID | str) -> Person:
    """
    Return a person of whom `actor` is told something.

    :raises NotVisible: if there is none such, or they are told nothing of them: one answer.
    """
    found = _told_to(actor).filter(id=person).first()
    if found is None:
        raise NotVisible
    return found


def opened_card(actor: Actor, person: UUID | str) -> Shape:
    """
    Return a person's card with what only their State knows: former entries, who saw the contact.

    :raises NotVisible: as `person_for` does.
    """
    found = person_for(actor, person)
    shape = card(found, told(actor, found.state_id or ""))
    shape["stopped"] = stops_of([found]).get(found.id)
    own = shape["told"] == "own"
    return {
        "card": shape,
        "changes": changes_of(actor, [found.id]).get(found.id, []) if own else [],
        "openings": openings_of(actor) if str(found.id) == actor.id else [],
    }


def changes_of(actor: Actor, subjects: Collection[UUID]) -> dict[UUID, list[Shape]]:
    """Return what entries of `actor`'s own State said before, by subject, newest first."""
    if told(actor, actor.state) != "own":
        return {}
    rows = Change.objects.filter(subject__in=subjects, state_id=actor.state)
    found: dict[UUID, list[Shape]] = {}
    for row in rows.order_by("-at", "-id")[:LATEST]:
        shape = {"what": row.what, "at": row.at, "by": row.by, "was": row.was}
        found.setdefault(row.subject, []).append(shape)
    return found


def openings_of(actor: Actor) -> list[Shape]:
    """Return who was shown the actor's own contact, newest first."""
    rows = ContactOpening.objects.filter(person_id=actor.id).order_by("-at", "-id")
    shown = rows.select_related("by")[:LATEST]
    return [
        {"by": row.by.name, "state": row.by.state_id or "", "case": row.case, "at": row.at}
        for row in shown
    ]


def figures_for(actor: Actor) -> list[Shape]:
    """Return how many people in force each State has: all that regional auditors are told."""
    del actor
    now, count = timezone.now(), dict[str, int]()
    for person in Person.objects.exclude(state=None).select_related("account", "state"):
        code = person.state_id or ""
        count[code] = count.get(code, 0) + person.in_force(now)
    return [{"state": code, "people": number} for code, number in sorted(count.items())]


def card_of(person: str) -> Shape:
    """
    Return one person's whole card: for the person themselves, and for programs.

    :raises NotVisible: if there is no such person.
    """
    shown = Person.objects.select_related("office", "account", "state", "hours", "contact")
    found = shown.filter(id=person).first()
    if found is None:
        raise NotVisible
    return card(found, "own")
