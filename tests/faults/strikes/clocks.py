"""The clock of one process jumps, and is right again."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.fault import Around, Fault
from tests.faults.ground import WEBS, Ground, Missed
from tests.servers.jumping import Wrong

HOUR, DAY, STEP = 3600.0, 86400.0, 5.0  # seconds
ONLINE = 30.0  # seconds in which clients come back after one web process was replaced


def _with_clock(*names: str) -> Around:
    """Return how one of these is started anew with a clock that can be moved, and again without."""

    @contextmanager
    def around(ground: Ground, chance: random.Random) -> Iterator[Wrong]:
        name = chance.choice(names)
        file = Path(ground.region.home / "config" / f"clock-{name}")
        wrong = Wrong(file)
        ground.region.clocks[name] = file
        _anew(ground, name)
        try:
            yield wrong
        finally:
            wrong.jump(0)
            del ground.region.clocks[name]
            _anew(ground, name)

    return around


def _anew(ground: Ground, name: str) -> None:
    ground.stop(name)
    ground.region.again(name)
    if name in WEBS:
        ground.traffic.online(ONLINE)


def _jumps(ground: Ground, chance: random.Random, by: tuple[float, ...]) -> float:
    wrong: Wrong = ground.beside
    read = wrong.read
    wrong.jump(chance.choice(by))
    time.sleep(chance.uniform(4, 8))
    wrong.jump(0)
    if wrong.read == read:
        raise Missed("nobody looked at the clock while it was wrong")
    return time.monotonic()


FAULTS = (
    Fault(
        "clock-of-log-jumps",
        "the clock of what signs the log jumps by an hour or a day, ahead or back, or back by 5 s,"
        " and is right again after 4 to 8 s",
        lambda ground, chance: _jumps(ground, chance, (HOUR, -HOUR, DAY, -DAY, -STEP)),
        around=_with_clock("sequencer"),
    ),
    Fault(
        "clock-of-web-jumps",
        "the clock of one web process jumps back by 5 s, an hour or a day, and is right again after"
        " 4 to 8 s",
        lambda ground, chance: _jumps(ground, chance, (-STEP, -HOUR, -DAY)),
        around=_with_clock(*WEBS),
    ),
)
