"""
Whether entries say a time that can be theirs: what `manage.py audit verify` holds against dates.

Who holds the events' key and the database can make an event of any date and have it signed today.
Its place gives it away: what stands before it is as old as it is, and what was signed says when.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from .rereading import MOST, time_in

# Past a day the log takes no changes any more (`limits.STALLED`): no honest act is later than that.
LATE = timedelta(hours=24)
AHEAD = timedelta(minutes=10)  # by which the clocks of two servers may differ


@dataclass(slots=True)
class Timing:
    """
    Takes the acts' entries of one log in order; `findings` says which cannot be of their time.

    `signed` are size and time of each checkpoint, by size. An entry is at most a day older than
    what was placed before it, or than the last signature that does not cover it, whichever is the
    earlier; and not newer than the first signature that covers it. After an outage the queue is
    signed in portions: the later ones hold acts from before the signature of the first, and there
    only the entries before them, whose times the tree itself commits to, are a measure.
    """

    signed: Sequence[tuple[int, datetime]]
    findings: list[str] = field(default_factory=list)
    _newest: int | None = None

    def act(self, position: int, leaf: bytes) -> None:
        """Compare an act's time with those around it."""
        time = time_in(leaf)
        if time is None:
            self._found(f"entry {position} says no time")
            return
        covering = bisect_right(self.signed, position, key=lambda one: one[0])
        before = [] if self._newest is None else [self._newest]
        if covering:
            before.append(int(self.signed[covering - 1][1].timestamp()))
        if before and time < min(before) - LATE.total_seconds():
            since = _day(min(before))
            self._found(f"entry {position} says {_day(time)}, and was placed after {since}")
        if covering < len(self.signed):
            by = self.signed[covering][1].timestamp()
            if time > by + AHEAD.total_seconds():
                self._found(f"entry {position} says {_day(time)}, and was signed before that")
                return  # it is no measure for those behind it
        self._newest = time if self._newest is None else max(self._newest, time)

    def _found(self, words: str) -> None:
        if len(self.findings) < MOST:
            self.findings.append(words)


def _day(time: int) -> str:
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return str(time)
