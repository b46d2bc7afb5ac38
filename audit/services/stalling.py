"""The one place where the log says that it takes nothing more for now."""

from __future__ import annotations

from datetime import datetime, timedelta

from .. import policies, queries
from ..errors import LogStalled

EVERY = timedelta(seconds=5)  # between looks, while all is well
_well: list[datetime] = []  # when this process last saw it well, by its acts' own time


def require_moving(now: datetime) -> None:
    """
    Let an act pass that changes something.

    Only "all is well" is remembered, for seconds: acts pay for no look of their own, and a log that
    moves again is noticed by the next one.

    :raises LogStalled: if the log is too far behind.
    """
    if _well and abs(now - _well[-1]) < EVERY:
        return
    why = policies.stalled_by(queries.standing())
    _well.clear()
    if why is not None:
        raise LogStalled(why)
    _well.append(now)


def look_again() -> None:
    """Forget that it was well."""
    _well.clear()
