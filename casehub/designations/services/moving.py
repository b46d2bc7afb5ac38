"""What every step of a designation does to its row."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from casehub.calendars import terms
from casehub.core.actor import Actor
from casehub.core.errors import require
from casehub.directory import services as directory
from casehub.directory.models import Person

from .. import limits, notify, policies
from ..models import Designation
from ..queries import reading
from ..queries import urgent as urgency
from ..stages import Stage


def require_step(found: Designation, act: str, now: datetime) -> None:
    """
    Pass only an act that can be done at this stage, in its time.

    :raises Refused: `designation-stage`, `designation-late`.
    """
    stage = reading.shown_stage(found, None, now)
    require(policies.why_not_step(act, stage, due_at=found.due_at, now=now))


def require_urgent(found: Designation, nominates: str, now: datetime) -> None:
    """
    Pass whoever is designated the usual way, and on the urgent path whom it is open to.

    `nominates` is the role of whoever nominates them.

    :raises Refused: `urgent-coordinator`, `urgent-again`, `urgent-often`.
    """
    if not found.urgent:
        return
    require(
        policies.why_not_urgent(
            nominates=nominates,
            last_was_urgent=urgency.last_was_urgent(found),
            lately=urgency.lately(found.state, now),
        )
    )


def due(
    stage: Stage, *, state: str, now: datetime, urgent: bool, until: datetime
) -> datetime | None:
    """Return when a stage that begins now is over; a term that ends sooner ends it too."""
    if stage is Stage.APPROVED and not urgent:
        term = terms.working_days(state=state, since=now, days=limits.APPROVED_DAYS)
        return min(term.ends, until)
    lasts: dict[Stage, datetime] = {
        Stage.DRAFT: now + limits.DRAFT_LASTS,
        Stage.CONSULTED: now + limits.DRAFT_LASTS,
        Stage.APPROVED: now + limits.CEREMONY_LASTS,
        Stage.CEREMONY: now + limits.CEREMONY_LASTS,
        Stage.ACTIVE: until,
    }
    at = lasts.get(stage)
    return None if at is None else min(at, until)


def nomination_due(issued: datetime, *, urgent: bool) -> datetime:
    """Return until when a nomination can be approved: its last hand lies so far after `issued`."""
    lasts: timedelta = limits.URGENT_LASTS if urgent else limits.NOMINATION_LASTS
    return issued + lasts


def enter_stage(
    found: Designation, stage: Stage, *, act: int, now: datetime, due_at: datetime | None
) -> None:
    """Let a designation stand at `stage` from now on, by the act whose event is `act`; save it."""
    found.stage, found.stage_since, found.due_at = stage.value, now, due_at
    found.audit_event_id = act
    found.save()
    tell(found)


def end_try(found: Designation, *, actor: Actor | None, now: datetime) -> None:
    """
    End what somebody enrolled in a ceremony that came to nothing: account, sessions, passkeys.

    It may have been whoever stole the code. What counts already, counts on.
    """
    if found.bound_at is None and Person.objects.filter(id=found.person).exists():
        directory.let_go(person=found.person, actor=actor, now=now)
    found.key = found.key_at = None


def about_key(found: Designation) -> list[UUID]:
    """Return whom a new key concerns besides: whoever has one that counts, and may not know."""
    return [found.person] if found.rekey else []


def tell(found: Designation, *others: UUID) -> None:
    """Ring those who look after the State's designations, and `others`."""
    notify.changed(found.id, [*reading.concerned(found.state), *others])
