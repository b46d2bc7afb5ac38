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


def sweep(now: datetime) -> int:
    """End abandoned uploads, destroy what lies of attachments that are no more; return how many."""
    with one_writer(), transaction.atomic():
        late = queries.abandoned(now, most=MOST)
        Attachment.objects.filter(id__in=late, completed_at=None).update(removed_at=now)
    done, stuck = 0, set[UUID]()
    for _ in range(TURNS):
        gone = queries.to_sweep(most=MOST, but=stuck)
        for attachment in gone:
            try:
                piecestore.destroy(piecestore.Kept.ATTACHMENTS, attachment)
            except OSError as error:
                log.exception("pieces of an attachment could not be destroyed now")
                if piecestore.is_away(error):
                    return done
                stuck.add(attachment)  # else it would keep what comes after it waiting for ever
                continue
            with one_writer(), transaction.atomic():
                Chunk.objects.filter(attachment_id=attachment).delete()
                Attachment.objects.filter(id=attachment).update(swept=True)
            done += 1
        if not gone:
            break
    return done
