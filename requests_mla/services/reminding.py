"""Reminding whoever is to act on a request by a day of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.core.actor import Actor

from .. import days, notify, queries
from ..events import ReminderGiven
from ..models import Reminder
from ..states import UNDER_WAY, Stage

THERE = frozenset({*UNDER_WAY, Stage.EXECUTED})
"""Stages at which the requested State has a request, and its days are told to its auditors too."""


@transaction.atomic
def remind_of_day(
    *, request_id: UUID, what: str, actor: Actor | None = None, now: datetime
) -> int | None:
    """
    Remind those concerned of a day of a request; None if they were, or it is none any more.

    What they are told is that something rings: of what, they see where they may.
    """
    held = queries.day_held(request_id, what)
    if held is None:
        return None
    found, day = held
    before = queries.remind_next(found.reminders.all(), day, now)
    if before is None:
        return None
    both = (found.requesting_state, found.requested_state)
    asked = what == days.CONSULTATION
    event = ReminderGiven(
        states=both if asked or Stage(found.stage) in THERE else both[:1],
        request=str(found.id),
        what=what,
        on=day.last.isoformat(),
        days=before,
    )
    act = audit.services.record(event, actor=actor.id if actor else "", at=now)
    Reminder.objects.create(
        request=found,
        what=what,
        last=day.last,
        days=before,
        since=day.since,
        at=now,
        audit_event_id=act,
    )
    if asked:  # they know of no request
        for consultation, people in queries.asked_of(found).items():
            notify.answer_wanted(consultation, people)
    else:
        notify.request_changed(found.id, queries.told_of_day(found, day))
    return before
