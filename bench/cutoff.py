"""
How long it takes until whoever is stopped hears nothing more: `make bench-cutoff`.

Real servers over PostgreSQL and Valkey, messages every 50 ms in a thread that everybody reads, 60
people, devices or States stopped one after the other (TRIALS=n for fewer, KINDS=device,State for
some of them, VARIANTS="push,layer killed" likewise) in each way that doorbells can fail. Timed from
the answer to the act to the last frame heard and to the socket's close. Seconds mean something only
with the machine and what else it does, so both are printed.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from contextlib import ExitStack
from itertools import product

from tests.faults import cutting, test_cutoff
from tests.faults.cutting import Cut, Ear, percentile
from tests.faults.test_cutoff import Ground, running

TRIALS = int(os.environ.get("TRIALS", "60"))
P99, MOST = 2.0, 5.0  # seconds
STATES = 20  # at most in one case; further ones are in another region
PAUSE = 0.13  # between trials: not in step with the sweep


def chosen(name: str, among: tuple[str, ...]) -> list[str]:
    """Return which of these an environment variable lists, by default all."""
    listed = os.environ.get(name, "").split(",")
    return [one for one in among if one in listed] or list(among)


def load() -> float:
    """Return how many processes wanted to run in the last minute."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def measured(ground: Ground, kind: str, variant: str) -> list[Cut]:
    """Stop one after the other and return how long each took."""
    found: list[Cut] = []
    while len(found) < TRIALS:
        most = STATES if kind == "State" else TRIALS
        found += _measured(ground, kind, variant, min(most, TRIALS - len(found)))
    return found


def _measured(ground: Ground, kind: str, variant: str, trials: int) -> list[Cut]:
    found = []
    with running(ground, variant, trials, kind=kind) as (scene, layer), scene.talking():
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
    print(f"{platform.machine()}, {os.cpu_count()} cores; {TRIALS} trials each")
    print(f"{'':24}  last frame p50  p99  max   closed p50  p99  max   [s]  load at the end")
    missed = False
    with ExitStack() as stack:
        ground = stack.enter_context(Ground())
        for kind, variant in product(
            chosen("KINDS", cutting.KINDS), chosen("VARIANTS", test_cutoff.VARIANTS)
        ):
            cuts = measured(ground, kind, variant)
            figures = []
            for values in ([c.last_frame for c in cuts], [c.closed for c in cuts]):
                p99, most = percentile(values, 0.99), max(values)
                figures.append(f"{percentile(values, 0.5):.3f} {p99:.3f} {most:.3f}")
                missed = missed or p99 > P99 or most > MOST
            row = f"{figures[0]}   {figures[1]}   {load():.1f}"
            print(f"{kind + ', ' + variant:24}  {row}", flush=True)
    print("missed" if missed else f"within p99 {P99} s and {MOST} s")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
