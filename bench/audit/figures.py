"""Percentiles, goals, and how one part of the run tells the others what it found."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

# Where a part leaves its goals; set by whoever started it.
GOALS = "CASEHUB_BENCH_GOALS"


def setting(name: str, usual: float) -> float:
    """Return a size of the run, from the environment."""
    return float(os.environ.get(name, "") or usual)


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which `part` of all lie, e.g. 0.99; NaN of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


def both(values: Sequence[float], scale: float = 1000) -> str:
    """Return p50 and p99 of seconds, in milliseconds unless scaled otherwise."""
    return f"{percentile(values, 0.5) * scale:9.2f} {percentile(values, 0.99) * scale:9.2f}"


def timed(act: Callable[[], object], times: int) -> list[float]:
    """Return how many seconds each call took; one more goes before, without the clock."""
    act()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return took


@dataclass(frozen=True, slots=True)
class Goal:
    """What was wanted and what was found, both in `unit`; less is better."""

    what: str
    found: float
    most: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether it was reached; a figure that is not there reaches nothing."""
        return self.found <= self.most

    def __str__(self) -> str:
        """Return one line of the table."""
        word = "met" if self.met else "MISSED"
        return f"  {word:7} {self.what:58} {self.found:9.2f}  <= {self.most:g} {self.unit}"


def tell(*goals: Goal) -> None:
    """Add to what this part leaves behind."""
    file = Path(os.environ[GOALS])
    lines = [json.dumps(asdict(goal)) + "\n" for goal in goals]
    with file.open("a", encoding="utf-8") as out:
        out.writelines(lines)


def told(file: Path) -> list[Goal]:
    """Return what the parts have left."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return [Goal(**json.loads(line)) for line in text.splitlines()]
