"""What the clock has brought about since somebody last looked: small, by indexes, asked often."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from casehub.directory.limits import READING
from casehub.directory.models import Person

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


def read_out(now: datetime) -> list[UUID]:
    """Return the terms that are over and whose week of reading is too, which nobody said yet."""
    rows = Designation.objects.filter(
        stage=Stage.EXPIRED, bound_at__isnull=False, read_out_at=None, until__lte=now - READING
    )
    over = Person.objects.filter(
        id=OuterRef("person"), valid_until=OuterRef("until"), suspended_at=None
    )
    found = rows.filter(Exists(over)).order_by("until")
    return list(found.values_list("id", flat=True)[:AT_ONCE])


def is_read_out(found: Designation, person: Person, now: datetime) -> bool:
    """Say whether it is that term which let its person read last, and the week after it is over."""
    last = found.read_out_at is None and found.until == person.valid_until
    return last and found.stage == Stage.EXPIRED and person.valid_until + READING <= now
