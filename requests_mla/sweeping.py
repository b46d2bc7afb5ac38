"""
What the round of the clock does for requests: reminds of days, destroys what lies of old files.

Each reminder is a transaction of its own; of two processes that come to one the second finds it
given. A file is one that is no more, or that no letter took along in time: that it is destroyed is
nobody's act, since nobody but its uploader could open it, or that it was taken back is in the log.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction

from casehub.cases import queries as cases
from casehub.core import piecestore
from casehub.core.errors import DomainError
from casehub.core.run import one_writer

from . import limits, queries, services
from .models import Enclosure, EnclosurePiece

log = logging.getLogger("casehub.requests")
_stuck: dict[UUID, datetime] = {}  # what this process could not destroy, and when it tried


def sweep(now: datetime) -> int:
    """
    Remind of what is due and return of how many days that was: at most `REMIND_MOST`.

    One that cannot be reminded of keeps none that come after it waiting.
    """
    done = 0
    for request, what in queries.to_remind(now):
        if done == limits.REMIND_MOST:
            break
        try:
            with one_writer():
                given = services.remind_of_day(request_id=request, what=what, now=now)
        except (DatabaseError, DomainError) as why:  # another process was first, or the log stands
            log.warning("a day of a request was not reminded of now", exc_info=True)
            if getattr(why, "code", "") == "log-stalled":
                break  # none would be
            continue
        done += given is not None
    return done


def sweep_files(now: datetime) -> int:
    """
    End what waits for too long, destroy what lies of files that are no more; say of how many.

    What cannot be destroyed is left alone for a while, and keeps none that come after it waiting.
    """
    with one_writer(), transaction.atomic():
        found = queries.overdue(now, most=limits.SWEEP_MOST)
        cases.hold(found.values())  # as whoever sets a hold does, or sends a letter
        late = found.keys() & queries.overdue(now, most=limits.SWEEP_MOST).keys()
        Enclosure.objects.filter(id__in=late, letter=None).update(removed_at=now)
    for enclosure, since in list(_stuck.items()):
        if since + limits.STUCK_LASTS <= now:
            del _stuck[enclosure]
    gone = queries.enclosures_to_sweep(most=limits.SWEEP_MOST, but=_stuck)
    for enclosure in gone:
        try:
            piecestore.destroy(piecestore.Kept.ENCLOSURES, enclosure)
        except OSError as error:
            log.exception("pieces of a file could not be destroyed now")
            if piecestore.is_away(error):
                break
            _stuck[enclosure] = now
            continue
        with one_writer(), transaction.atomic():
            EnclosurePiece.objects.filter(enclosure=enclosure).delete()
            Enclosure.objects.filter(id=enclosure).update(swept=True)
    return len(gone)
