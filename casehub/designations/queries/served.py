"""What somebody has been before, and who may stand in for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casehub.directory.models import Person

from ..models import Designation
from ..policies import COORDINATOR, LIAISON

STANDS_IN = frozenset({LIAISON, COORDINATOR})


def has_served(person: UUID) -> bool:
    """
    Say whether somebody has had a term as a liaison in which their key counted.

    An urgent week is none: nobody had the time to look.
    """
    return bool(who_served([person]))


def who_served(people: Iterable[UUID]) -> set[UUID]:
    """Return who of these has had such a term."""
    rows = Designation.objects.filter(
        person__in=list(people), bound_at__isnull=False, urgent=False, roles__contains=LIAISON
    )
    return set(rows.values_list("person", flat=True))


def may_deputize(person: UUID, state: str, now: datetime) -> bool:
    """Say whether somebody of a State is a liaison or coordinator in force."""
    found = Person.objects.filter(id=person, state_id=state).select_related("account").first()
    return found is not None and found.in_force(now) and bool(found.role_set & STANDS_IN)


@dataclass(frozen=True, slots=True)
class Around:
    """What lines of a list say of others: names by id, and who has had a term as a liaison."""

    names: Mapping[UUID, str]
    served: Collection[UUID]


def around(rows: Collection[Designation]) -> Around:
    """Return what these designations say of others, in two queries."""
    deputies = [one.deputy for one in rows if one.deputy is not None]
    known = Person.objects.filter(id__in=deputies).values_list("id", "name")
    return Around(dict(known), who_served([one.person for one in rows]))
