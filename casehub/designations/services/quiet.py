"""Whoever does not sign in: warned, suspended, warned, removed. The clock does it, nobody else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.directory import services as directory
from casehub.directory.models import Person, Stop

from .. import notify
from ..events import QuietWarned
from ..models import Designation, QuietStep
from ..policies import QuietStep as Step
from ..queries import quiet, reading


@transaction.atomic
def take_quiet_step(*, person: UUID, actor: Actor | None = None, now: datetime) -> str | None:
    """
    Take the step that is due against somebody's silence; return its code, None if none is (now).

    A warning is told to the person and to those who look after their State's designations; a stop
    is one like any other, for the reason `unused`, of which all States have notice. It takes two
    people to end it. Of two processes the second finds the step taken, or is refused by the table.
    """
    found = directory.held_person(person)
    step = quiet.step_of(found, now) if quiet.is_asked_about(found, now) else None
    if step is None:
        return None
    began = quiet.since(found)
    act = (
        _warn(found, step, began, actor=actor, now=now)
        if step.left
        else directory.stop_unused(person=found, kind=Stop.Kind(step.becomes), now=now)
    )
    QuietStep.objects.create(person=found, since=began, step=step.code, at=now, audit_event_id=act)
    _tell(found)
    return step.code


def _warn(found: Person, step: Step, began: datetime, *, actor: Actor | None, now: datetime) -> int:
    event = QuietWarned(
        states=(str(found.state_id),),
        person=str(found.id),
        becomes=step.becomes,
        days=step.left,
        since=began.strftime("%Y-%m-%d"),
    )
    return audit.services.record(event, actor=actor.id if actor else "", at=now)


def _tell(found: Person) -> None:
    """Ring those who look after the State's designations, and the person."""
    last = Designation.objects.filter(person=found.id).order_by("-drafted_at").first()
    about = last.id if last is not None else found.id
    notify.changed(about, [*reading.concerned(str(found.state_id)), found.id])
