"""
How far a device has processed and a person has read: signals, not acts, so without an event.

They only ever move forward; a late one changes nothing. That a thread is kept as unread is a mark
beside them. So is each piece of an upload: that it was begun and that it is whole are the acts.
That somebody writes is passed on and stands nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec
from uuid import UUID

from django.db import transaction

from casehub.cases import queries as cases
from casehub.core import pieces, piecestore, rates, roles
from casehub.core.actor import Actor
from casehub.core.errors import BadFrame, NotVisible, Refused
from casehub.core.run import one_writer
from casehub.directory import queries as directory

from . import limits, notify, queries
from .models import Chunk, Cursor, Group, ReadMark

P = ParamSpec("P")


def _known(actor: Actor, thread: UUID, seq: int) -> int:
    cases.circle_for(actor, thread)
    # Not the whole row: its public state grows with its members, and a mark comes of each reader.
    head = Group.objects.filter(circle_id=thread).values_list("head", flat=True).first()
    if head is None:
        raise NotVisible
    return min(seq, head)


def _noted(mark: Callable[P, None]) -> Callable[P, None]:
    """Let a mark have its turn among those who write, and a transaction of its own."""

    @wraps(mark)
    def noted(*args: P.args, **kwargs: P.kwargs) -> None:
        with one_writer(), transaction.atomic():
            mark(*args, **kwargs)

    return noted


@_noted
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


@_noted
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
        notify.marked(actor.id, thread)


@_noted
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
    notify.marked(actor.id, thread)


def tell_typing(*, actor: Actor, thread: UUID, now: datetime) -> None:
    """
    Tell the others who read a thread, where they are connected, that the actor writes in it.

    Nothing is stored. Of what comes too soon after the last time nobody is told; nor of whoever's
    office has ended since their socket was opened.

    :raises NotVisible: if the actor does not read it.
    """
    _known(actor, thread, 0)
    if not rates.buckets.take("typing-passed", f"{actor.id} {thread}", now):
        return
    able = frozenset(roles.row_of("messaging.typing.tell").who)
    if directory.people_with([actor.id], roles=able):
        notify.typing(actor.id, thread)


@transaction.atomic
def keep_chunk(*, attachment: UUID, index: int, body: bytes, actor: Actor, now: datetime) -> None:
    """
    Store piece `index` of an upload, once: the same bytes again change nothing.

    :raises NotVisible: if it is no upload of the actor's that goes on.
    :raises BadFrame: if there is no such piece, or it has another length.
    :raises Refused: `attachment-chunk-differs` if other bytes are there, `storage-full`,
        `try-again`.
    """
    found = queries.upload_for(actor, attachment, lock=True)
    within = 0 <= index < pieces.chunks_of(found.size)
    if not within or len(body) != pieces.length_of(found.size, index):
        raise BadFrame(why="wrong length")
    digest = hashlib.sha256(body).hexdigest()
    there = found.chunks.filter(index=index).first()
    if there is not None:
        if there.digest != digest:
            raise Refused("attachment-chunk-differs")
        return
    if found.completed_at is not None or now - found.begun_at > limits.UPLOAD_LASTS:
        raise NotVisible
    # The bytes first: a row says that they are on the disk.
    piecestore.keep(piecestore.Kept.ATTACHMENTS, found.id, index, digest, body)
    Chunk.objects.create(attachment=found, index=index, digest=digest)
