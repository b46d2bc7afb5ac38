"""Nothing at all; and what the region runs itself, and its edge: killed, stopped, paused."""

from __future__ import annotations

import random
import time

from tests.faults.excuses import ORPHANED
from tests.faults.fault import Fault
from tests.faults.ground import WEBS, Ground
from tests.faults.strikes.ending import killed, paused
from tests.faults.strikes.looking import looking
from tests.faults.strikes.returning import all_back

FORGIVEN = 3.0  # seconds: the edge asks no process for two after it was not there


def _nothing(_: Ground, __: random.Random) -> float:
    time.sleep(2)
    return time.monotonic()


def _web_stopped(ground: Ground, chance: random.Random) -> float:
    victim = chance.choice(WEBS)
    at = time.monotonic()
    ground.stop(victim)
    ground.region.again(victim)
    return at


def _edge_killed(ground: Ground, _: random.Random) -> float:
    with all_back(ground):
        at = ground.kill("edge")
        ground.region.again("edge")
    return at


def _renewed(ground: Ground, _: random.Random) -> float:
    """Each is replaced once the one before it is back, as docs/operations.md has it."""
    with looking(ground):
        for name in ("sequencer", *WEBS):
            ground.stop(name)
            ground.region.again(name)
            time.sleep(FORGIVEN)
    return time.monotonic()


FAULTS = (
    Fault("nothing", "nothing at all, for comparison", _nothing),
    Fault("web-killed", "SIGKILL of one of two web processes", killed("web"), ORPHANED),
    Fault("sequencer-killed", "SIGKILL of what signs the log", killed("sequencer"), ORPHANED),
    Fault("edge-killed", "SIGKILL of nginx and its workers", _edge_killed),
    Fault("web-stopped", "SIGTERM of one web process, as for a new version", _web_stopped),
    Fault(
        "renewed",
        "what signs the log and each web process stop and are replaced, one after the other;"
        " nobody who asks meanwhile is refused",
        _renewed,
    ),
    Fault("web-paused", "SIGSTOP of one web process for 2 to 5 s", paused(WEBS, (2, 5))),
    Fault(
        "sequencer-paused", "SIGSTOP of what signs the log for 5 s", paused(("sequencer",), (5, 5))
    ),
)
