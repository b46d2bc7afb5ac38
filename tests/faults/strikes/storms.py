"""What is done again and again: the web processes renewed in turn, for five minutes."""

from __future__ import annotations

import itertools
import random
import time

from tests.faults.fault import Fault
from tests.faults.ground import WEBS, Ground, Missed
from tests.faults.strikes.looking import looking
from tests.faults.strikes.processes import FORGIVEN

LASTS = 300.0  # seconds
EVERY = 10.0  # seconds from one's end to the next one's, unless it takes longer
FEWEST = 8  # of the 30 that there is time for where each takes less than that


def _renewed_again(ground: Ground, _: random.Random) -> float:
    """As a release that does not hold: each is replaced once the other one is back."""
    until, renewed = time.monotonic() + LASTS, 0
    with looking(ground):
        for name in itertools.cycle(WEBS):
            begins = time.monotonic()
            if begins >= until:
                break
            ground.stop(name)
            ground.region.again(name)
            renewed += 1
            time.sleep(max(FORGIVEN, begins + EVERY - time.monotonic()))
    if renewed < FEWEST:
        raise Missed(f"only {renewed} were renewed in {LASTS:.0f} s")
    return time.monotonic()


FAULTS = (
    Fault(
        "renewed-again",
        f"the web processes stop and are replaced in turn, one each {EVERY:.0f} s, for five"
        " minutes; nobody who asks meanwhile is refused",
        _renewed_again,
    ),
)
