"""
What the round of the clock does for requests: reminds of their days, each in its own transaction.

Of two processes that come to one reminder the second finds it given.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import DatabaseError

from casehub.core.errors import DomainError
from casehub.core.run import one_writer

from . import limits, queries, services

log = logging.getLogger("casehub.requests")


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
