"""
What is no act, and so without an event: renewing an editing turn, storing a piece of a file.

The acts are taking the turn, and beginning and completing the upload. How far somebody has read
letters is a mark of their own: it only ever moves forward, and nobody else is told of it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from casehub.core import pieces, piecestore
from casehub.core.actor import Actor
from casehub.core.errors import BadFrame, NotVisible, Refused, require

from . import limits, notify, policies, queries
from .codes import BOTH, Audience
from .errors import TurnTaken
from .models import EnclosurePiece, Letter, LetterMark
from .states import Stage


@transaction.atomic
def renew_turn(*, request_id: UUID, actor: Actor, now: datetime) -> None:
    """
    Keep the actor's editing turn for another `policies.TURN` from now.

    :raises NotVisible: if the actor does not read the draft.
    :raises TurnTaken: if it ran out and somebody else has it.
    :raises Refused: `turn-needed` if it ran out, or was never theirs; `stage-closed`.
    """
    found = queries.request_for(actor, request_id, lock=True)
    turn = queries.turn_of(found, now)
    if turn is not None and str(turn.person_id) != actor.id:
        raise TurnTaken(person=str(turn.person_id), until=turn.until)
    holder = str(turn.person_id) if turn else None
    require(policies.why_not_write(actor=actor, holder=holder, stage=Stage(found.stage)))
    assert turn is not None  # noqa: S101 - the policy refused a draft nobody edits
    turn.until = now + policies.TURN
    turn.save(update_fields=["until"])
    notify.request_changed(found.id, queries.readers_of(found))


@transaction.atomic
def keep_piece(*, enclosure: UUID, index: int, body: bytes, actor: Actor, now: datetime) -> None:
    """
    Store piece `index` of an upload, once: the same bytes again change nothing.

    :raises NotVisible: if it is no upload of the actor's that goes on.
    :raises BadFrame: if there is no such piece, or it has another length.
    :raises Refused: `attachment-chunk-differs` if other bytes are there, `storage-full`,
        `try-again`.
    """
    found = queries.enclosing_for(actor, enclosure, lock=True)
    within = 0 <= index < pieces.chunks_of(found.size)
    if not within or len(body) != pieces.length_of(found.size, index):
        raise BadFrame(why="wrong length")
    digest = hashlib.sha256(body).hexdigest()
    there = found.pieces.filter(index=index).first()
    if there is not None:
        if there.digest != digest:
            raise Refused("attachment-chunk-differs")
        return
    if found.completed_at is not None or now - found.begun_at > limits.UPLOAD_LASTS:
        raise NotVisible
    # The bytes first: a row says that they are on the disk.
    piecestore.keep(piecestore.Kept.ENCLOSURES, found.id, index, digest, body)
    EnclosurePiece.objects.create(enclosure=found, index=index, digest=digest)


@transaction.atomic
def mark_letters_read(
    *, request_id: UUID, letter: UUID, actor: Actor, now: datetime, audience: Audience = BOTH
) -> None:
    """
    Note that the actor has read what was written about a request, up to one of its letters.

    :raises NotVisible: if they do not read it, or there is no such letter for that audience.
    """
    del now  # when they read it is kept nowhere
    # Held: a case that is being deleted takes all marks along.
    found = queries.carried_for(actor, request_id, (audience,), lock=True)
    rows = Letter.objects.filter(request=found, audience=audience, id=letter)
    upto = rows.values_list("audit_event_id", flat=True).first()
    if upto is None:
        raise NotVisible
    mark, made = LetterMark.objects.get_or_create(
        request=found, audience=audience, person_id=actor.id, defaults={"upto": upto}
    )
    if not made:
        LetterMark.objects.filter(id=mark.id, upto__lt=upto).update(upto=upto)
