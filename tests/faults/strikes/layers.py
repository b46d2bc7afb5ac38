"""Redis: killed, emptied, cut off, paused."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable

from tests.faults.excuses import NO_LAYER
from tests.faults.fault import Fault
from tests.faults.ground import Ground, Missed
from tests.faults.strikes.ending import away, paused

TIMES, APART = 4, 0.25  # an instant would meet nobody who writes: what takes one is done again


def _flushed(ground: Ground, _: random.Random) -> float:
    def flush() -> None:
        with ground.redis() as layer:
            if not layer.flushall():
                raise Missed("Redis did not flush")

    return _again(flush)


def _cut(ground: Ground, _: random.Random) -> float:
    """Every connection to Redis ends at once: who listened no longer does."""
    cut: list[int] = []

    def end() -> None:
        with ground.redis() as layer:
            cut.extend(
                layer.client_kill_filter(_type=kind, skipme=True) for kind in ("pubsub", "normal")
            )

    at = _again(end)
    if not any(cut):
        raise Missed("nobody was connected to Redis")
    return at


def _again(work: Callable[[], None]) -> float:
    """Do it for a second; return when it was done last."""
    for _ in range(TIMES):
        work()
        at = time.monotonic()
        time.sleep(APART)
    return at


FAULTS = (
    Fault(
        "redis-killed",
        "SIGKILL of Redis, which is back after half a second to five",
        away("redis", signal.SIGKILL, (0.5, 5)),
        NO_LAYER,
    ),
    Fault(
        "redis-flushed",
        "FLUSHALL, four times in a second, of a Redis in which nothing is kept: who listens stands"
        " in no key",
        _flushed,
    ),
    Fault(
        "redis-cut", "every connection to Redis is ended, four times in a second", _cut, NO_LAYER
    ),
    Fault("redis-paused", "SIGSTOP of Redis for 5 s", paused(("redis",), (5, 5)), NO_LAYER),
)
