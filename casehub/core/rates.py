"""
How often a caller may call, and the count of those turned away.

Buckets live in the process: a caller spread over n processes gets n times the rate, which
bounds load all the same, and no shared store has to be asked on every frame.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction

import audit.services
from audit.events import CallersRefused

from .errors import TooMany
from .failures import told
from .run import one_writer

log = logging.getLogger("casehub.rates")
KEEP = 20_000  # buckets at most; the least recently used go first


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` calls at once, `per_minute` in the long run."""

    burst: int
    per_minute: int


RATES = {
    "sign-in": Rate(burst=20, per_minute=30),
    "passkey": Rate(burst=60, per_minute=120),
    "http": Rate(burst=240, per_minute=900),  # one session
    "person": Rate(burst=960, per_minute=3600),  # all sessions of one person
    "stop": Rate(burst=30, per_minute=60),  # one session's stops and ends of sessions
    "post": Rate(burst=200, per_minute=1200),
    "kept": Rate(burst=64 * 1024, per_minute=4 * 1024),  # KiB of messages and commits, for good
    "signal": Rate(burst=400, per_minute=2400),
    "typing": Rate(burst=30, per_minute=60),
    "typing-passed": Rate(burst=1, per_minute=20),  # of one person in one thread: unsaid beyond
    "claim": Rate(burst=60, per_minute=120),
    "threads": Rate(burst=60, per_minute=30),  # how all of one's stand: 200 threads a call
    "version": Rate(burst=30, per_minute=60),  # each up to 512 KiB, kept for good
    "chunk": Rate(burst=120, per_minute=1200),  # of a file, each up to 1 MiB
    "socket": Rate(burst=20, per_minute=60),
}


class Buckets:
    """Token buckets by (kind, caller); `now` comes from the caller, so that tests own time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._levels: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, kind: str, caller: str, now: datetime, *, amount: int = 1) -> bool:
        """Spend one call of `caller`, or another amount; False if there is not so much left."""
        rate, at = RATES[kind], now.timestamp()
        with self._lock:
            level, since = self._levels.pop((kind, caller), (float(rate.burst), at))
            level = min(rate.burst, level + max(0.0, at - since) * rate.per_minute / 60)
            allowed = level >= amount
            self._levels[kind, caller] = (level - amount if allowed else level, at)
            while len(self._levels) > KEEP:
                self._levels.popitem(last=False)
        return allowed

    def clear(self) -> None:
        """Forget every caller (tests)."""
        with self._lock:
            self._levels.clear()


class RefusalCounter:
    """Counts refusals of one minute; when the minute is over, one event a code tells how many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], int] = {}

    def count(self, code: str, now: datetime) -> None:
        """Add one, in memory: sockets count inside the event loop, which must not wait."""
        minute = now.strftime("%Y-%m-%dT%H:%MZ")
        with self._lock:
            self._counts[code, minute] = self._counts.get((code, minute), 0) + 1

    def flush(self, now: datetime, *, everything: bool = False) -> None:
        """
        Write the events of every minute that is over (of all, at shutdown).

        Doors and the heartbeat call it. If it cannot be stored (a full disk), the counts are kept
        for the next time: whoever only reads must not be turned away for it.
        """
        minute = now.strftime("%Y-%m-%dT%H:%MZ")
        with self._lock:
            over = {k: n for k, n in self._counts.items() if everything or k[1] != minute}
            for key in over:
                del self._counts[key]
        if not over:
            return
        events = [
            CallersRefused(states=(), code=c, minute=m, count=n) for (c, m), n in over.items()
        ]
        try:
            with one_writer(), transaction.atomic():
                audit.services.record_many(events, actors=[""] * len(events), at=now)
        except DatabaseError as error:
            log.error("refusals could not be recorded yet: %s", told(error))  # noqa: TRY400 - no trace needed
            with self._lock:
                for key, count in over.items():
                    self._counts[key] = self._counts.get(key, 0) + count


def kibibytes(*sizes: int) -> int:
    """Return how many KiB these bytes begin."""
    return -(-sum(sizes) // 1024)


buckets = Buckets()
refusals = RefusalCounter()


def spend(kind: str, caller: str, now: datetime, *, amount: int = 1) -> None:
    """
    Take one call, or another amount, from the caller's bucket.

    :raises TooMany: if there is not so much left; the refusal is counted, not logged one by one.
    """
    if not buckets.take(kind, caller, now, amount=amount):
        refusals.count("too-many", now)
        raise TooMany(kind=kind)
