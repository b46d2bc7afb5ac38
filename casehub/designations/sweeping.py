"""
The round of the clock: what is due is moved, each thing in a transaction of its own.

One process of the web calls it once a minute, in a thread of its own. Each service looks again
under the row's lock, so of two that come at once one finds nothing to do; what one of them cannot
move does not hold up the rest. Nothing waits for the round to be enforced: an act that comes too
late is refused by its own look at the clock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from casehub.core.errors import DomainError
from casehub.core.run import one_writer

from . import services
from .queries import due, quiet, regional, standing

log = logging.getLogger("casehub.designations")


def sweep(now: datetime) -> int:
    """Move all that is due and return how much that was."""
    moved = [
        *(
            _once(services.lapse_consultation, consultation=one, now=now)
            for one in due.unanswered(now)
        ),
        *(_once(services.lapse_designation, designation=one, now=now) for one in due.over(now)),
        *(_remind(one, now) for one in due.to_remind(now)),
        *(_once(services.end_reading, designation=one, now=now) for one in due.read_out(now)),
        *(_once(services.take_quiet_step, person=one, now=now) for one in quiet.silent(now)),
        *(
            _once(services.miss_standing, state=state, due_at=at, now=now)
            for state, at in standing.missed(now)
        ),
    ]
    return sum(map(bool, moved))


def _remind(designation: UUID, now: datetime) -> int | None:
    """Remind of a term's end; whoever operates the server prolongs some, and reads this log."""
    days: int | None = _once(services.remind_of_end, designation=designation, now=now)
    if days is not None and regional.may_go_on(designation):
        log.warning("a term ends within %d days; `manage.py region terms` tells whose", days)
    return days


def _once(service: Callable[..., Any], **kwargs: Any) -> Any:
    try:
        with one_writer():
            return service(**kwargs)
    except (DatabaseError, DomainError):  # another process was there first, or the log stands
        log.warning("%s could not be done now", service.__name__, exc_info=True)
        return None
