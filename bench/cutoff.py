"""
How long it takes until somebody who is stopped hears nothing more: `make bench-cutoff`.

Real servers over PostgreSQL and Valkey, messages every 50 ms in a thread that everybody reads, 60
people stopped one after the other (TRIALS=n for fewer) in each way that doorbells can fail. Timed
from the answer to the act to the last frame heard and to the socket's close. Seconds mean something
only with the machine and what else it does, so both are printed.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from contextlib import ExitStack

from tests.faults.cutting import Cut, Ear, percentile
from tests.faults.test_cutoff import VARIANTS, Ground, running

TRIALS = int(os.environ.get("TRIALS", "60"))
P99, MOST = 2.0, 5.0  # seconds
PAUSE = 0.13  # between trials: not in step with the sweep


def measured(ground: Ground, variant: str) -> list[Cut]:
    """Stop people one after the other and return how long each took."""
    found = []
    with running(ground, variant, TRIALS) as (scene, layer), scene.talking():
        for number, person in enumerate(scene.victims):
            if number == 0 and variant == "layer killed":
                first = Ear(person)
                layer.kill()
            ear = first if number == 0 and variant == "layer killed" else Ear(person)
            time.sleep(PAUSE * (1 + number % 7))
            found.append(ear.cut(scene.stop(number)))
    return found


def main() -> int:
    """Measure and print; 1 if a limit was missed."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}; {TRIALS} trials each")
    print(f"{'':16}  last frame p50  p99  max   closed p50  p99  max   [s]")
    missed = False
    with ExitStack() as stack:
        ground = stack.enter_context(Ground())
        for variant in VARIANTS:
            cuts = measured(ground, variant)
            figures = []
            for values in ([c.last_frame for c in cuts], [c.closed for c in cuts]):
                p99, most = percentile(values, 0.99), max(values)
                figures.append(f"{percentile(values, 0.5):.3f} {p99:.3f} {most:.3f}")
                missed = missed or p99 > P99 or most > MOST
            print(f"{variant:16}  {figures[0]}   {figures[1]}", flush=True)
    print("missed" if missed else f"within p99 {P99} s and {MOST} s")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
