"""Who reads a circle: a seat counts while its person may sit in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from casehub.core.actor import Actor
from casehub.directory.functions import FOCAL_POINT
from casehub.directory.models import Person

from .. import policies
from ..models import Circle, Reader


def _as_told() -> Q:
    """
    Return which seats are of those whom a circle is for, of whatever kind it is.

    What another State was told or asked is for its focal points (ADR 61): who is none any more left
    it with the function, as one leaves a case with a post that has cases.
    """
    told = Q(person__functions__contains=FOCAL_POINT)
    # No join: the opener is looked up of a note alone. Joined, people stand twice in the question,
    # and a database without statistics (a young one, a restored one) took each with each other.
    opener = Person.objects.filter(id=OuterRef("circle__opener"), state=OuterRef("person__state"))
    return ~Q(circle__kind=Circle.Kind.NOTE) | told | Q(Exists(opener))


def _in_office() -> Q:
    """
    Return which seats are of people whose post has cases.

    A post without any was given to somebody who had some: they left them with the old one. No
    role's name is part of another's.
    """
    held = Q()
    for role in sorted(policies.MAY_READ):
        held |= Q(person__roles__contains=role)
    return held


def readable(actor: Actor) -> QuerySet[Circle]:
    """Return the circles that `actor` reads at this moment."""
    seats = Reader.objects.filter(
        _as_told(),
        _in_office(),
        person_id=actor.id,
        until=None,
        person__suspended_at=None,
        person__removed_at=None,
        person__state__stopped_at=None,
    )
    return Circle.objects.filter(id__in=seats.values("circle"))


def readers_of(circles: Iterable[UUID | str]) -> dict[UUID, set[UUID]]:
    """Return who is entitled to read each of `circles` now, by person id."""
    out: dict[UUID, set[UUID]] = {}
    readers = Reader.objects.filter(
        _as_told(),
        _in_office(),
        circle__in=list(circles),
        until=None,
        person__suspended_at=None,
        person__removed_at=None,
        person__state__stopped_at=None,
    )
    # Who has closed their account has left every circle, as if taken out of each.
    here = readers.exclude(person__account__is_active=False)
    for circle, person in here.values_list("circle_id", "person_id"):
        out.setdefault(circle, set()).add(person)
    return out


def seated_in(circle: UUID) -> set[UUID]:
    """Return who has a seat in a circle, those among them whom somebody has stopped meanwhile."""
    return set(Reader.objects.filter(circle=circle, until=None).values_list("person", flat=True))


def circles_of(person: UUID | str) -> list[UUID]:
    """Return the circles that a person reads now."""
    return circles_of_each([str(person)])[str(person)]


def circles_of_each(persons: Collection[str]) -> dict[str, list[UUID]]:
    """Return the circles that each of several people reads now, in one statement."""
    out: dict[str, list[UUID]] = {person: [] for person in persons}
    rows = Reader.objects.filter(_as_told(), _in_office(), person_id__in=persons, until=None)
    for person, circle in rows.values_list("person_id", "circle"):
        out[str(person)].append(circle)
    return out
