"""The database's disk, full."""

from __future__ import annotations

import random
import time

from tests.faults.excuses import NO_DATABASE, NO_ROOM
from tests.faults.fault import Fault
from tests.faults.ground import Ground, Missed


def _full(ground: Ground, chance: random.Random) -> float:
    """No room for the database; whoever runs it starts it again if it gives up."""
    assert ground.disk is not None
    ground.disk.fill()
    try:
        time.sleep(chance.uniform(3, 6))
        met = ground.tells("postgres", "No space left on device")
    finally:
        ground.disk.empty()
    at = time.monotonic()
    if not met:
        raise Missed("nobody met the full disk")
    if ground.region.one("postgres").process.poll() is not None:
        ground.region.again("postgres")
    return at


FAULTS = (
    Fault(
        "disk-full",
        "the database's disk is full for 3 to 6 s; PostgreSQL, if it stops, is started again",
        _full,
        (*NO_DATABASE, *NO_ROOM),
        needs="mounts",
    ),
)
