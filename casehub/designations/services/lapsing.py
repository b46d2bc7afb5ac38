"""What the clock does: each thing once, by whichever process comes first, with its event."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.directory import services as directory
from casehub.directory.models import Notice

from .. import stages
from ..events import ConsultationLapsed, DesignationLapsed, ExpiryReminded, ReadingEnded
from ..models import Consultation, Designation
from ..queries import due as dues
from ..queries import reading, stopped
from ..stages import Stage
from .drafting import forget_nomination
from .moving import due, end_try, enter_stage, tell


@transaction.atomic
def lapse_designation(*, designation: UUID, actor: Actor | None = None, now: datetime) -> bool:
    """
    Move a designation whose time is over; nobody did it, so `actor` is None. False if it moved on.

    A nomination goes back to its consultation and a ceremony to its approval, to be begun again; a
    draft and an approval that nobody went on with end, and a term that is over does.
    """
    found = reading.held(Designation.objects.filter(id=designation)).first()
    if found is None or found.due_at is None or found.due_at > now:
        return False
    before = Stage(found.stage)
    after = stages.next_of("lapse", before)
    if not after:
        return False
    if before is Stage.CEREMONY and found.until <= now:
        after = (Stage.EXPIRED,)
    event = DesignationLapsed(
        states=found.concerned,
        designation=str(found.id),
        person=str(found.person),
        before=before.value,
        after=after[0].value,
    )
    act = audit.services.record(event, actor=actor.id if actor else "", at=now)
    if before is Stage.CEREMONY:
        end_try(found, actor=actor, now=now)
    _leave(found, before, after[0], act=act, now=now)
    ends = due(after[0], state=found.state, now=now, urgent=found.urgent, until=found.until)
    enter_stage(found, after[0], act=act, now=now, due_at=ends)
    if before is Stage.ACTIVE:
        tell(found, found.person)
    return True


def _leave(found: Designation, before: Stage, after: Stage, *, act: int, now: datetime) -> None:
    """Do what leaving a stage brings with it, before the row is saved."""
    if before in {Stage.NOMINATED, Stage.MINISTRY_1}:
        forget_nomination(found)
    if before is Stage.CEREMONY:
        found.codes.filter(used_at=None, void_at=None).update(void_at=now)
    if after is Stage.REJECTED:
        found.reason = "lapsed"
    if after is not Stage.EXPIRED or not found.state:  # States are told of their own people
        return
    person = reading.person_of(found)
    if person is None or not stopped.is_removed(person):
        directory.give(
            kind=Notice.Kind.EXPIRED,
            state=found.state,
            person=found.person,
            name=found.name,
            post=found.post,
            until=found.until,
            act=act,
            now=now,
        )


@transaction.atomic
def lapse_consultation(*, consultation: UUID, actor: Actor | None = None, now: datetime) -> bool:
    """Note that an agency did not answer by the date; False if it did, or need not any more."""
    row = Consultation.objects.filter(id=consultation).first()
    if row is None:
        return False
    found = reading.held(Designation.objects.filter(id=row.designation_id)).get()
    row.refresh_from_db()
    if row.outcome or row.void or row.due_at > now or found.stage != Stage.DRAFT:
        return False
    event = ConsultationLapsed(
        states=found.concerned, consultation=str(row.id), designation=str(found.id)
    )
    row.outcome, row.date = "no-answer", row.due_at.date()
    row.audit_event_id = audit.services.record(event, actor=actor.id if actor else "", at=now)
    row.save()
    tell(found)
    return True


@transaction.atomic
def remind_of_end(*, designation: UUID, actor: Actor | None = None, now: datetime) -> int | None:
    """Tell those concerned that a term ends in 60, 30 or 7 days; None if they know, or it ended."""
    found = reading.held(Designation.objects.filter(id=designation)).first()
    if found is None or found.stage != Stage.ACTIVE or found.until <= now:
        return None
    days = dues.unsaid(found, now)
    if days is None:
        return None
    event = ExpiryReminded(states=found.concerned, designation=str(found.id), days=days)
    found.reminded = days
    found.audit_event_id = audit.services.record(event, actor=actor.id if actor else "", at=now)
    found.save(update_fields=["reminded", "audit_event_id"])
    tell(found, found.person)
    return days


@transaction.atomic
def end_reading(*, designation: UUID, actor: Actor | None = None, now: datetime) -> bool:
    """
    Note that the week after a designation is over: nothing is open to its person any more.

    Nobody waits for it: access has ended by the clock. Their sessions end, and others' browsers are
    told to take out the keys that stayed in their groups. False if it was said, or a renewal came.
    """
    found = reading.held(Designation.objects.filter(id=designation)).first()
    person = None if found is None else reading.person_of(found)
    if found is None or person is None or not dues.is_read_out(found, person, now):
        return False
    sessions = directory.end_access(person=person, now=now)
    event = ReadingEnded(
        states=found.concerned,
        designation=str(found.id),
        person=str(found.person),
        sessions=sessions,
    )
    act = audit.services.record(event, actor=actor.id if actor else "", at=now)
    directory.void_access(person=person, act=act, now=now)
    found.read_out_at, found.audit_event_id = now, act
    found.save(update_fields=["read_out_at", "audit_event_id"])
    tell(found, found.person)
    return True
