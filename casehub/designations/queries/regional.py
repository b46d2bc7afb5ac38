"""Who serves the region and no State, as the installation that lets them in and out asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from .. import policies
from ..models import Designation
from ..stages import Stage
from .reading import person_of, reminder, shown_stage


def is_regional(person: UUID) -> bool:
    """Say whether somebody was invited to serve the region and no State."""
    return Designation.objects.filter(person=person, state="").exists()


def is_of_the_region(designation: UUID) -> bool:
    """Say whether a term is one that the installation gives and prolongs."""
    return Designation.objects.filter(
        id=designation, state="", roles__in=policies.REGIONAL
    ).exists()


def regional_terms(now: datetime) -> list[dict[str, Any]]:
    """Return who serves the region, or was invited to: those who serve first, by their end."""
    rows = Designation.objects.filter(state="", roles__in=policies.REGIONAL)
    found = []
    for one in rows.select_related("office").order_by("until", "id"):
        stage = shown_stage(one, person_of(one), now)
        found.append(
            {
                "person": one.person,
                "role": one.roles,
                "stage": stage.value,
                "until": one.until,
                "reminder": reminder(one, stage, now),
                "name": one.name,
                "office": one.office.name,
            }
        )
    return sorted(found, key=lambda one: one["stage"] != Stage.ACTIVE)
