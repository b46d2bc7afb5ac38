"""
What becomes of the region when something fails: `make faults`.

Trials until a slice of 50 minutes is over (SLICE=10 for ten), each time of the fault that lacks the
most of the trials it should have (60; 5 of one that lasts); each is written down as soon as it is
over, so that whoever stops it loses one, and the next slice goes on from there.
FAULTS=web-killed,line-cut tries some; SEED=7 begins with that seed; REPORT=1 tries nothing and
writes docs/reliability.md anew, as every slice does at its end. A trial with the same draws:
FAULTS=NAME SEED=ITS-SEED COUNT=1 (it strikes the same one for as long; at which moment of the
servers' work, no seed says). What processes said in a trial that failed is kept in var/log/faults.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from bench.peers.conditions import commit, databases, processor
from tests.faults.fault import Fault
from tests.faults.faults import FAULTS, LASTING, MODULES
from tests.faults.ground import Ground, begun, keep_logs
from tests.faults.trial import kept
from tests.servers.casehub_server import PROJECT
from tests.servers.volume import Unavailable

from .page import page
from .results import (
    Line,
    Names,
    added,
    checker,
    lasted,
    loaded,
    names,
    of,
    reached,
    strike,
    without,
)

RESULTS = PROJECT / "docs" / "reliability.jsonl"
PAGE = PROJECT / "docs" / "reliability.md"
USUAL, MOST = 50, 55  # minutes
EACH = 100  # trials in one region; the next begin in a fresh one
PASSING = ("I13 ", "I14 ")  # of these rules the next trial does not find it broken again
LAST = 180.0  # seconds before the end in which no trial begins
LIMIT = 600.0  # seconds that one trial may take
LOGS = PROJECT / "var" / "log" / "faults"
CHECKER = PROJECT / "tests" / "faults"


def number(name: str, usual: float) -> float:
    """Return a number from the environment."""
    return float(os.environ.get(name, "") or usual)


def chosen(small_disk: bool) -> list[Fault]:  # noqa: FBT001 - said by name where it is called
    """Return which faults are tried."""
    names = [one for one in os.environ.get("FAULTS", "").split(",") if one] or list(FAULTS)
    unknown = [one for one in names if one not in FAULTS]
    if unknown:
        sys.exit(f"no such fault: {', '.join(unknown)}; there are {', '.join(FAULTS)}")
    return [FAULTS[one] for one in names if small_disk or FAULTS[one].needs != "mounts"]


def under(small_disk: bool) -> dict[str, str]:  # noqa: FBT001 - as above
    """Return the conditions of this run."""
    names = ("django", "channels", "daphne", "psycopg")
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    return {
        "commit": commit(but="docs/reliability.*"),
        "checker": checker(CHECKER),
        "machine": f"{processor()}, {os.cpu_count()} cores",
        "versions": f"Python {sys.version.split()[0]}, {packages}, {databases()}",
        "disk": "the database's in memory" if small_disk else "the database's a real one",
    }


@contextmanager
def home() -> Iterator[Path]:
    """Return a folder for one region; what processes said is kept if it does not come to be."""
    made = Path(tempfile.mkdtemp(prefix="ch-faults-"))
    made.chmod(0o755)
    try:
        yield made
    except Exception:
        keep_logs(made, LOGS / "region")
        raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def noted(line: Line) -> None:
    """Write a trial down, at once and on the disk; whose machine it was is nobody's to read."""
    packages = sysconfig.get_path("purelib")
    line = replace(line, violations=without(line.violations, packages, sys.prefix, str(PROJECT)))
    added(RESULTS, line)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """
    Let what is done here take so long at most.

    :raises TimeoutError: where it is, after that.
    """

    def over(_: int, __: object) -> None:
        raise TimeoutError(f"it took more than {seconds:.0f} s")

    before = signal.signal(signal.SIGUSR1, over)
    here = threading.main_thread().ident or 0
    clock = threading.Timer(seconds, lambda: signal.pthread_kill(here, signal.SIGUSR1))
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        clock.join()
        signal.signal(signal.SIGUSR1, before)


def written() -> list[Line]:
    """Return all trials that were written down."""
    return loaded(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []


def present() -> Names:
    """Return how what strikes and judges is named now."""
    return names(CHECKER, MODULES)


def report() -> None:
    """Write the page anew."""
    lines = written()
    told = {name: fault.does for name, fault in FAULTS.items()}
    PAGE.write_text(page(lines, told, present()), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8").partition("\n| Fault")[2].partition("## Cond")[0])


class Slice:
    """Trials until the time is over."""

    def __init__(self, minutes: float) -> None:
        self._end = time.monotonic() + 60 * minutes
        self._left = int(number("COUNT", 10**9))
        self._seed = int(number("SEED", random.SystemRandom().randrange(2**31)))
        self._small_disk = True
        self._without = set[str]()  # what this machine turned out to lack something for
        self.failed = 0
        self._names = present()

    def _goes_on(self) -> bool:
        return self._left > 0 and time.monotonic() < self._end - LAST

    def _next(self) -> Fault:
        """Return of which one the most is lacking that fits in; of several, one drawn by lot."""
        lines, left = written(), self._end - time.monotonic()
        here = (one.name for one in chosen(self._small_disk) if one.name not in self._without)
        fit = [one for one in here if lasted(of(lines, one)) < left]
        shares = reached(lines, fit or ["nothing"], self._names, LASTING)
        least = min(shares.values())
        among = sorted(one for one, share in shares.items() if share == least)
        return FAULTS[random.Random(self._seed).choice(among)]  # noqa: S311 - replayed by its seed

    def run(self) -> None:
        """Try one after the other, in one region after the other."""
        while self._goes_on():
            try:
                self._one_region()
            except Unavailable as reason:
                print(f"{reason}; what needs a disk of its own is left out", flush=True)
                self._small_disk = False

    def _one_region(self) -> None:
        conditions = under(self._small_disk)
        with (
            home() as folder,
            begun(folder, self._seed, small_disk=self._small_disk, told=_told) as ground,
        ):
            if not self._usual(ground, conditions):
                self._seed += 1
                return
            for _ in range(EACH):
                if not self._goes_on():
                    return
                seed = self._seed
                self._seed, self._left = seed + 1, self._left - 1
                if not self._try(ground, self._next(), seed, conditions):
                    return  # what was left behind would be blamed on the next one

    def _usual(self, ground: Ground, conditions: dict[str, str]) -> bool:
        """See what the servers hold under traffic alone; these are trials too, and written down."""
        earlier: dict[str, int] = {}
        for _ in range(2):
            if not self._try(ground, FAULTS["nothing"], self._seed, conditions):
                return False
            usual, earlier = earlier, ground.counted()
        ground.learn(usual)
        return True

    def _try(self, ground: Ground, fault: Fault, seed: int, conditions: dict[str, str]) -> bool:
        begins = time.monotonic()
        try:
            with within(LIMIT):
                done = kept(ground, fault, seed, LOGS)
        except Unavailable as reason:
            print(f"{reason}; {fault.name} is left out", flush=True)
            self._without.add(fault.name)
            return True
        except Exception as wrong:  # noqa: BLE001 - a trial that does not come to its end has failed
            took = round(time.monotonic() - begins, 1)
            words = (f"it did not come to its end: {type(wrong).__name__}: {wrong}"[:1500],)
            line = Line(fault.name, seed, took, took, 0, took, words)
        else:
            line = Line(**vars(done))
        at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")  # noqa: TID251 - told to a person
        noted(
            Line(
                **{
                    **vars(line),
                    "at": at,
                    "load": round(os.getloadavg()[0], 1),
                    "under": {**conditions, "strike": strike(CHECKER, MODULES[fault.name])},
                }
            )
        )
        self.failed += bool(line.violations)
        told = f"{fault.name:18} seed {seed:<11} recovery {line.recovery:5.1f} s"
        print(f"{told}  longest {line.longest:5.1f} s  {line.seconds:5.1f} s in all", flush=True)
        for one in line.violations[:8]:
            print(f"      {one[:500]}", flush=True)
        return all(one.startswith(PASSING) for one in line.violations)


def _told(words: str) -> None:
    print(f"  ..  {words}", flush=True)


def main() -> int:
    """Try and report; 1 if something did not hold."""
    if os.environ.get("REPORT", "0") not in {"", "0"}:
        report()
        return 0
    minutes = number("SLICE", USUAL)
    if not LAST / 60 < minutes <= MOST:
        sys.exit(f"a slice takes more than {LAST / 60:.0f} minutes, and up to {MOST}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # all that was begun is ended
    one = Slice(minutes)
    try:
        one.run()
    finally:
        report()
    return int(one.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
