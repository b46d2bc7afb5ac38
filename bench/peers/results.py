"""What a whole run found, in a form that is written down and read again (pure)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .figures import Figure


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a part of the run, a figure of it, and how it is written."""

    part: str
    figure: str
    title: str
    places: int = 1


PARTS = {
    "S1": "S1: four rooms of five",
    "S2": "S2: twenty rooms of ten, a working day",
    "S3": "S3: one room of a hundred, a crisis",
    "S4": "S4: people who do nothing",
    "reading": "History of a long room",
}
# Where ours spends it: what each message takes on its way, singly and when there are many.
WEB, LOOPS, DATABASE, SIGNER, LAYER = SHARES = (
    "the web", "of the web, its loops", "PostgreSQL", "what signs the log", "Redis",
)  # fmt: skip
_WAITS = (
    ("ack p50", "send to acknowledged, median, ms", 1),
    ("ack p99", "send to acknowledged, 99 %, ms", 1),
    ("all p50", "send to all members, median, ms", 1),
    ("all p99", "send to all members, 99 %, ms", 1),
    ("deliveries/s", "most deliveries a second", 0),
    ("CPU s", "CPU seconds of 1,000 messages then", 2),
    *((f"CPU s {name}", f"  {name}", 2) for name in SHARES),
    ("CPU s singly", "CPU seconds of 1,000 that wait", 2),
    ("per second", "messages a second for the waits", 0),
    ("messages", "messages for the waits, all delivered", 0),
    ("most messages", "messages for the most, all delivered", 0),
)
ROWS = (
    *(Row(part, *row) for part in ("S1", "S2", "S3") for row in _WAITS),
    Row("S4", "KiB", "memory of one line, KiB", 0),
    Row("S4", "connect s", "until all lines are open, s", 1),
    Row("S4", "lines", "lines", 0),
    Row("reading", "open p50", "last 50 messages, median, ms", 1),
    Row("reading", "catch-up p50", "1,000 messages missed, median, ms", 1),
    Row("reading", "history", "messages in the room", 0),
)


@dataclass(slots=True)
class Found:
    """What one server came to."""

    name: str
    versions: str = ""
    notes: Sequence[str] = ()
    load: tuple[float, float] = (math.nan, math.nan)  # before and after
    figures: dict[str, dict[str, Figure]] = field(default_factory=dict)
    untold: dict[str, str] = field(default_factory=dict)  # parts that are not told, and why

    def figure(self, part: str, name: str) -> Figure:
        """Return a figure, known or not."""
        return self.figures.get(part, {}).get(name, Figure.of(()))


@dataclass(slots=True)
class Run:
    """Everything that one run found."""

    conditions: Mapping[str, str]
    found: list[Found] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)  # by name, why
    floor: dict[str, Figure] = field(default_factory=dict)
    curves: dict[str, list[dict[str, float]]] = field(default_factory=dict)

    def of(self, name: str) -> Found | None:
        """Return what a server came to, if it was measured."""
        return next((one for one in self.found if one.name == name), None)


def _as_json(figure: Figure) -> list[float] | None:
    return [figure.middle, figure.low, figure.high] if figure.known else None


def dumped(run: Run) -> str:
    """Return a run as JSON: each figure is its median, lowest and highest."""
    told = {
        "conditions": dict(run.conditions),
        "servers": [
            {
                "name": one.name,
                "versions": one.versions,
                "notes": list(one.notes),
                "load": list(one.load),
                "figures": {
                    part: {name: _as_json(figure) for name, figure in figures.items()}
                    for part, figures in one.figures.items()
                },
                "untold": one.untold,
            }
            for one in run.found
        ],
        "left_out": run.left_out,
        "floor": {name: _as_json(figure) for name, figure in run.floor.items()},
        "curves": run.curves,
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"
