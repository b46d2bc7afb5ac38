"""
How far a device has processed and a person has read: signals, not acts, so without an event.

They only ever move forward; a late one changes nothing. That a thread is kept as unread is a mark
beside them.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from casehub.cases import queries as cases
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

from . import notify, queries
from .models import Cursor, Group, ReadMark


def _known(actor: Actor, thread: UUID, seq: int) -> int:
    cases.circle_for(actor, thread)
    group = Group.objects.filter(circle_id=thread).first()
    if group is None:
        raise NotVisible
    return min(seq, group.head)


@transaction.atomic
def acknowledge(*, actor: Actor, thread: UUID, seq: int) -> None:
    """
    Note that the actor's device has durably processed a thread up to `seq`.

    :raises NotVisible: if the actor does not read it.
    """
    seq = _known(actor, thread, seq)
    device = queries.device_of(actor)
    row, made = Cursor.objects.get_or_create(group_id=thread, device=device, defaults={"seq": seq})
    if not made and row.seq < seq:
        Cursor.objects.filter(id=row.id).update(seq=seq)


@transaction.atomic
def mark_read(*, actor: Actor, thread: UUID, seq: int) -> None:
    """
    Note that the actor has read a thread up to `seq`, and tell their other clients.

    :raises NotVisible: if the actor does not read it.
    """
    seq = _known(actor, thread, seq)
    row, made = ReadMark.objects.get_or_create(
        group_id=thread, person_id=actor.id, defaults={"seq": seq}
    )
    if not made and (row.seq < seq or row.unread is not None):
        ReadMark.objects.filter(id=row.id).update(seq=max(row.seq, seq), unread=None)
    if made or row.seq < seq or row.unread is not None:
        notify.read_marked(actor.id, thread, max(row.seq, seq))


@transaction.atomic
def keep_unread(*, actor: Actor, thread: UUID, seq: int) -> None:
    """
    Keep a thread as unread from `seq` on, until the actor reads it, and tell their other clients.

    How far they have read stays as it is: nobody else is told of either.

    :raises NotVisible: if the actor does not read it.
    """
    seq = _known(actor, thread, seq)
    ReadMark.objects.update_or_create(
        group_id=thread,
        person_id=actor.id,
        defaults={"unread": seq},
        create_defaults={"seq": 0, "unread": seq},
    )
    notify.kept_unread(actor.id, thread, seq)
