"""
What the round of the clock does for attachments: ends what nobody finished, destroys what is gone.

Neither is anybody's act: what was never whole nobody could open, and that its uploader took a file
back is in the log already. A crash in between leaves pieces without a row that needs them; the next
round looks at the rows again.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from casehub.core import piecestore
from casehub.core.run import one_writer

from . import queries
from .models import Attachment, Chunk

log = logging.getLogger("casehub.attachments")
MOST = 50  # at once
TURNS = 20  # in one round: many more than one person can begin in a minute; the rest is the next's
_stuck: dict[UUID, None] = {}  # what this process could not destroy, the longest ago first


def sweep(now: datetime) -> int:
    """End abandoned uploads, destroy what lies of attachments that are no more; return how many."""
    with one_writer(), transaction.atomic():
        late = queries.abandoned(now, most=MOST)
        Attachment.objects.filter(id__in=late, completed_at=None).update(removed_at=now)
    # What could not be destroyed is tried again behind everything else: it keeps nobody waiting.
    again, done = list(_stuck)[:MOST], 0
    try:
        for _ in range(TURNS):
            gone = queries.to_sweep(most=MOST, but=_stuck)
            if not gone:
                break
            done += sum(map(_destroyed, gone))
        done += sum(map(_destroyed, again))
    except _Away:
        log.warning("the rest is destroyed when the storage is back")
    return done


class _Away(Exception):
    """The storage does not answer, and will not for the next one."""


def _destroyed(attachment: UUID) -> bool:
    """
    Destroy what lies of one; say whether that was done.

    :raises _Away: if it need not be tried for others.
    """
    _stuck.pop(attachment, None)
    try:
        piecestore.destroy(piecestore.Kept.ATTACHMENTS, attachment)
    except OSError as error:
        log.exception("pieces of an attachment could not be destroyed now")
        if piecestore.is_away(error):
            raise _Away from error
        _stuck[attachment] = None
        return False
    with one_writer(), transaction.atomic():
        Chunk.objects.filter(attachment_id=attachment).delete()
        rows = Attachment.objects.filter(id=attachment, swept=False)
        return bool(rows.update(swept=True))
