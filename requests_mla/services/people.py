"""
Who reads a draft: people of the requesting State, let in from among those of the case.

Nobody comes in from outside the case, because a draft draws on what others entrusted to its people;
nobody of another State decides who stays, because the draft is the requesting State's own.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.cases import circles
from casehub.cases import notify as cases_notify
from casehub.cases import queries as cases
from casehub.cases.queries.keeping import require_open
from casehub.cases.waiting import require_effective
from casehub.core.actor import Actor
from casehub.core.errors import require

from .. import notify, policies, queries
from ..events import DraftReaderAdded, DraftReaderRemoved
from ..models import Request
from ..states import Stage


def _held(request_id: UUID, actor: Actor) -> Request:
    """
    Return a request, its case and its circle held, once it is certain that `actor` reads it.

    Whether `actor` is still in the case is not asked: that may be another State's to say (ADR 13).
    """
    cases.hold_case(queries.request_for(actor, request_id).case_id)
    return queries.request_for(actor, request_id, lock=True)


@transaction.atomic
def add_reader(
    *, request_id: UUID, client_id: UUID, person: UUID, actor: Actor, now: datetime
) -> None:
    """
    Let a person of the case into a draft.

    :raises NotVisible: if the actor does not read the draft, or the person is not in the case.
    :raises Refused: `stage-closed` if the draft takes no further version; `draft-own-state`,
        `person-unknown`, `person-limited`, `case-closed`; `already-in`, which is also what a
        retry hears: either way they are in.
    """
    del client_id  # a person is in a circle once, whichever request let them in
    found = _held(request_id, actor)
    require_open(found.case)
    require(policies.why_not_admit(Stage(found.stage)))
    readers = queries.readers_of(found)
    (candidate,) = queries.candidates_in(found.case, [person], actor=actor, already=readers)
    require(policies.why_not_enter(candidate))
    require_effective(found.case, [person], now=now)
    event = DraftReaderAdded(
        states=(found.requesting_state,),
        request=str(found.id),
        circle=str(found.circle_id),
        person=str(person),
    )
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["audit_event_id"])
    circles.let_in([found.circle_id], [person], act=found.audit_event_id, now=now)
    # One who left through the case may have held the turn: it does not come back with them.
    found.turns.filter(person_id=person, ended_at=None).update(ended_at=now)
    cases_notify.people_changed([actor.id, person], [found.circle_id])
    notify.request_changed(found.id, {*readers, person})


@transaction.atomic
def remove_reader(*, request_id: UUID, person: UUID, actor: Actor, now: datetime) -> None:
    """
    Shut a person out of a draft, and end an editing turn of theirs.

    :raises NotVisible: if the actor or the person does not read the draft.
    :raises Refused: `drafter-stays`.
    """
    found = _held(request_id, actor)
    place = cases.reader(found.circle, person)
    require(
        policies.why_not_shut_out(
            person=str(person), drafter=str(found.drafter_id), present=place is not None
        )
    )
    readers = queries.readers_of(found)
    event = DraftReaderRemoved(
        states=(found.requesting_state,),
        request=str(found.id),
        circle=str(found.circle_id),
        person=str(person),
    )
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["audit_event_id"])
    circles.shut_out(found.circle_id, person, act=found.audit_event_id, now=now)
    found.turns.filter(person_id=person, ended_at=None).update(ended_at=now)
    cases_notify.people_changed([actor.id, person], [found.circle_id])
    notify.request_changed(found.id, {*readers, person})
