"""Who serves the region and no State, as the installation that lets them in and out asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from casehub.directory.models import Person

from .. import policies
from ..models import Designation
from ..stages import Stage
from .reading import person_of, reminder, shown_stage

_WITH_END = frozenset({Stage.ACTIVE, Stage.SUSPENDED, Stage.EXPIRED})


def is_regional(person: UUID) -> bool:
    """Say whether somebody was invited to serve the region and no State."""
    return Designation.objects.filter(person=person, state="").exists()


def may_go_on(designation: UUID) -> bool:
    """Say whether a term is one that the installation may prolong: of nobody who is stopped."""
    stopped = Q(suspended_at__isnull=False) | Q(removed_at__isnull=False)
    return Designation.objects.filter(
        ~Exists(Person.objects.filter(stopped, id=OuterRef("person"))),
        id=designation,
        state="",
        roles__in=policies.REGIONAL,
    ).exists()


def regional_terms(now: datetime) -> list[dict[str, Any]]:
    """
    Return who serves the region, did so, or was invited to: those who serve first, by their end.

    `until` is None of whoever never served, or was dismissed.
    """
    rows = Designation.objects.filter(state="", roles__in=policies.REGIONAL)
    found = []
    for one in rows.select_related("office").order_by("until", "id"):
        person = person_of(one)
        dismissed = person is not None and person.removed_at is not None
        stage = Stage.REMOVED if dismissed else shown_stage(one, person, now)
        found.append(
            {
                "person": one.person,
                "role": one.roles,
                "stage": stage.value,
                "until": one.until if stage in _WITH_END else None,
                "reminder": reminder(one, stage, now),
                "name": one.name,
                "office": one.office.name,
            }
        )
    return sorted(found, key=lambda one: one["stage"] != Stage.ACTIVE)
