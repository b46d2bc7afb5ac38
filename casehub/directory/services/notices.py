"""Telling all States what changed in one, and hearing from each that it has taken note."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Max

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

from .. import notify, queries
from ..events import NoticeAcknowledged, NoticesAcknowledged
from ..models import Notice, NoticeAnswer, NoticesAnswer, Person

# The lock in PostgreSQL under which notices get their numbers: "notices" in ASCII.
LOCK = 0x6E6F7469636573


def give(
    *,
    kind: Notice.Kind,
    state: str,
    act: int,
    now: datetime,
    person: UUID | str | None = None,
    name: str = "",
    post: str = "",
    until: datetime | None = None,
    urgent: bool = False,
    changed: Collection[str] = (),
) -> UUID:
    """
    Tell every State of a change in `state`, as a part of the act whose event is `act`.

    Of a person whom the directory knows, name, post and validity need not be told. `changed` are
    codes of `Notice.Changed`: what is another now, without what it was or is. It comes after
    whatever else the act has to wait for: until the act is committed no other notice is given.
    """
    known = Person.objects.filter(id=person).first() if person else None
    if known is not None:
        name, post = name or known.name, post or known.post
        until = until or known.valid_until
    notice = uuid4()
    Notice.objects.create(
        id=notice,
        number=_next_number(),
        state_id=state,
        kind=kind,
        person=person,
        name=name,
        post=post,
        until=until,
        urgent=urgent,
        changed=",".join(one for one in Notice.Changed.values if one in changed),
        at=now,
        audit_event_id=act,
    )
    notify.noticed(notice, queries.told_of_notices())
    return notice


def _held(notice: UUID) -> Notice | None:
    """Return a notice, kept from others who would take note of it in this moment."""
    rows = Notice.objects.filter(id=notice)
    if connection.vendor != "sqlite":
        rows = rows.select_for_update(no_key=True)
    return rows.first()


def _next_number() -> int:
    """Return the number after the last one; numbers are committed in their order."""
    if connection.vendor == "postgresql":  # SQLite has one writer
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = Notice.objects.aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


@transaction.atomic
def acknowledge_notice(*, notice: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Say for the actor's State that it has taken note; of one that was said already, nothing.

    :raises NotVisible: if there is no such notice.
    """
    found = _held(notice)
    if found is None or not actor.state:
        raise NotVisible
    if queries.has_answered(found, actor.state):
        return found.id
    event = NoticeAcknowledged(
        states=tuple({actor.state, found.state_id}), notice=str(found.id), state=actor.state
    )
    NoticeAnswer.objects.create(
        notice=found,
        state_id=actor.state,
        by_id=actor.id,
        at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return found.id


@transaction.atomic
def acknowledge_notices(*, notice: UUID, actor: Actor, now: datetime) -> int:
    """
    Say for the actor's State that it has taken note of all notices up to this one, and of how many.

    They are those of other States that it had not taken note of. If there is none, nothing is said.

    :raises NotVisible: if there is no such notice.
    """
    found = _held(notice)
    if found is None or not actor.state:
        raise NotVisible
    waiting = queries.unanswered(actor.state, upto=found)
    if not waiting:
        return 0
    event = NoticesAcknowledged(
        states=tuple(sorted({actor.state, *waiting})),
        notice=str(found.id),
        state=actor.state,
        count=len(waiting),
    )
    NoticesAnswer.objects.create(
        upto=found,
        state_id=actor.state,
        by_id=actor.id,
        at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return len(waiting)
