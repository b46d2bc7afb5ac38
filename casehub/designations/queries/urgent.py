"""How often a State, and whom of it, has been designated on the urgent path."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from casehub.core.lines import folded
from casehub.directory.models import State

from .. import limits
from ..models import Designation


def last_was_urgent(found: Designation) -> bool:
    """
    Say whether the last approval of this person, or of somebody of their name, was urgent.

    By name too, as it looks: a new draft would make somebody else of the same person.
    """
    rows = Designation.objects.filter(state=found.state, approved_at__isnull=False)
    rows = rows.exclude(id=found.id).order_by("-approved_at", "-drafted_at")
    name = folded(found.name)
    for person, called, urgent in rows.values_list("person", "name", "urgent"):
        if person == found.person or folded(called) == name:
            return urgent
    return False


def lately(state: str, now: datetime) -> int:
    """Return how many urgent approvals a State has given within the last thirty days."""
    since = now - limits.URGENT_SPAN
    return Designation.objects.filter(state=state, urgent=True, approved_at__gt=since).count()


def hold(state: str) -> None:
    """Have others wait who would count a State's urgent approvals at this moment."""
    if connection.vendor != "sqlite":
        State.objects.select_for_update(no_key=True).get(code=state)
