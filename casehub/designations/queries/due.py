"""What the clock has brought about since somebody last looked: small, by indexes, asked often."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from .. import limits, stages
from ..models import Consultation, Designation
from ..stages import Stage
from .reading import reminder

AT_ONCE = 100


def over(now: datetime) -> list[UUID]:
    """Return designations whose time for a step, or whose term, is over."""
    waits = [stage.value for stage in Stage if stages.may("lapse", stage)]
    rows = Designation.objects.filter(due_at__lte=now, stage__in=waits).order_by("due_at")
    return list(rows.values_list("id", flat=True)[:AT_ONCE])


def unanswered(now: datetime) -> list[UUID]:
    """Return consultations whose date is over without an answer, of drafts that still wait."""
    rows = Consultation.objects.filter(
        due_at__lte=now, outcome="", void=False, designation__stage=Stage.DRAFT
    )
    return list(rows.order_by("due_at").values_list("id", flat=True)[:AT_ONCE])


def to_remind(now: datetime) -> list[UUID]:
    """Return terms that end within 60, 30 or 7 days, and of whom nobody was told that yet."""
    soon = now + max(limits.REMIND_DAYS) * limits.DAY
    rows = Designation.objects.filter(stage=Stage.ACTIVE, until__lte=soon, until__gt=now)
    return [one.id for one in rows.order_by("until") if unsaid(one, now) is not None][:AT_ONCE]


def unsaid(found: Designation, now: datetime) -> int | None:
    """Return the days of which those concerned are to be told, if they were not yet."""
    days = reminder(found, Stage.ACTIVE, now)
    if days is None or (found.reminded is not None and found.reminded <= days):
        return None
    return days
