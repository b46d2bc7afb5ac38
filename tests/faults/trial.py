"""One trial: traffic, a fault at a moment drawn by lot, and everything looked at afterwards."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.fault import Fault
from tests.faults.ground import Ground, Missed
from tests.faults.world import Violation, verify_world

BEFORE = (0.5, 1.5)  # seconds of traffic before a fault
AFTER = 2.0  # and after it
SETTLE = 60.0


@dataclass(frozen=True)
class Trial:
    """What came of one: `recovery` and `longest` in seconds."""

    fault: str
    seed: int
    recovery: float
    longest: float
    messages: int
    seconds: float
    violations: tuple[str, ...]


def tried(ground: Ground, fault: Fault, seed: int) -> Trial:
    """
    Try one fault once.

    `recovery`: how long the slowest message that was written during the fault, a second before or
    until everything runs again, took to the last of its readers, counted from the end of the fault.
    `longest`: the same, counted from when it was written.
    """
    chance, started = random.Random(seed), time.monotonic()
    ground.traffic.stay_active()
    ground.traffic.draw(seed)
    count = len(ground.traffic.posted)
    ground.said()
    ground.noticed.clear()
    with fault.around(ground, chance) as ground.beside, ground.traffic.flowing():
        time.sleep(chance.uniform(*BEFORE))
        began = time.monotonic()
        ended = fault.strike(ground, chance)
        until = time.monotonic()
        time.sleep(AFTER)
    if not ground.traffic.wrote(began, until):
        raise Missed("nobody wrote while it was struck")
    opener = ground.traffic.opener
    unanswered = not opener.finish(SETTLE)
    late = not ground.traffic.settle(SETTLE)
    waits = {after: ground.traffic.waits(began - 1, until, after=after) for after in (0.0, ended)}
    found = verify_world(ground.world(fault.says))
    if late:
        missing = ground.traffic.missing()
        what = f"{len(missing)} messages have not come to everybody after {SETTLE:.0f} s"
        found.append(Violation("I1", what, ", ".join(missing[:5])))
    if unanswered:
        found.append(Violation("I1", f"nobody has answered after {SETTLE:.0f} s", opener.waiting))
    found += [Violation("I1", refused, "a case") for refused in opener.refused]
    found += [Violation("I15", f"answered {one}", "a case") for one in opener.broken]
    opener.refused.clear()
    opener.broken.clear()
    found += [Violation("I15", what, fault.name) for what in ground.noticed]
    ground.noticed.clear()
    return Trial(
        fault=fault.name,
        seed=seed,
        recovery=round(max(waits[ended], default=0.0), 3),
        longest=round(max(waits[0.0], default=0.0), 3),
        messages=len(ground.traffic.posted) - count,
        seconds=round(time.monotonic() - started, 1),
        violations=tuple(map(str, found)),
    )


def kept(ground: Ground, fault: Fault, seed: int, logs: Path) -> Trial:
    """Try as `tried`; if it fails or raises, keep below `logs` what processes and clients said."""
    folder = logs / f"{fault.name}-{seed}"
    try:
        done = tried(ground, fault, seed)
    except BaseException:
        ground.keep_logs(folder)
        raise
    if done.violations:
        ground.keep_logs(folder)
    return done
