"""Telling all States what changed in one, and hearing from each that it has taken note."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

from .. import notify, queries
from ..events import NoticeAcknowledged
from ..models import Notice, NoticeAnswer, Person


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
) -> UUID:
    """
    Tell every State of a change in `state`, as a part of the act whose event is `act`.

    Of a person whom the directory knows, name, post and validity need not be told.
    """
    known = Person.objects.filter(id=person).first() if person else None
    if known is not None:
        name, post = name or known.name, post or known.post
        until = until or known.valid_until
    notice = uuid4()
    Notice.objects.create(
        id=notice,
        state_id=state,
        kind=kind,
        person=person,
        name=name,
        post=post,
        until=until,
        urgent=urgent,
        at=now,
        audit_event_id=act,
    )
    notify.noticed(notice, queries.told_of_notices())
    return notice


@transaction.atomic
def acknowledge_notice(*, notice: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Say for the actor's State that it has taken note; of one that was said already, nothing.

    :raises NotVisible: if there is no such notice.
    """
    found = queries.notice(notice)
    if found is None or not actor.state:
        raise NotVisible
    if NoticeAnswer.objects.filter(notice=found, state_id=actor.state).exists():
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
