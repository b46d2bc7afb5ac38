"""
What the round of the clock does for cases: deletes what was said in those whose period is over.

Each in a transaction of its own. What a round was stopped in the middle of, the next one finds.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError

from casehub.core.errors import DomainError
from casehub.core.run import one_writer

from . import limits, services
from .queries import keeping

log = logging.getLogger("casehub.cases")


def sweep(now: datetime) -> int:
    """
    Delete what is due and return in how many cases that was: at most `limits.ERASE_MOST`.

    One that cannot be deleted keeps none that come after it waiting.
    """
    if not settings.ERASING:
        return 0
    done = 0
    for case in keeping.to_erase(now):
        if done == limits.ERASE_MOST:
            break
        try:
            with one_writer():
                services.erase_case(case=case, now=now)
        except (DatabaseError, DomainError) as why:  # a hold came first, or the log stands
            log.warning("what was said in a case could not be deleted now", exc_info=True)
            if getattr(why, "code", "") == "log-stalled":
                break  # none would be
            continue
        done += 1
    return done
