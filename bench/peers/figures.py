"""Percentiles, medians of rounds with their spread, and when a run may not be told (pure)."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


class Untold(Exception):
    """A run whose figures would mean nothing: something that was acknowledged did not arrive."""


def percentile(values: Sequence[float], part: float) -> float:
    """Return the smallest value that `part` of all do not exceed; NaN of none."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(len(ordered) * part) - 1)]


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of some rounds, and their lowest and highest."""

    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, rounds: Sequence[float]) -> Figure:
        """Sum up rounds; of none it is not a number."""
        known = [one for one in rounds if not math.isnan(one)]
        if not known:
            return cls(math.nan, math.nan, math.nan)
        return cls(statistics.median(known), min(known), max(known))

    @property
    def known(self) -> bool:
        """Whether there is one."""
        return not math.isnan(self.middle)


@dataclass(slots=True)
class Delivery:
    """
    What became of every message of one round.

    `heard` counts deliveries by message; `twice` those to one line a second time. Times are those
    of the loop's clock.
    """

    members: int
    due: dict[int, float] = field(default_factory=dict)
    acknowledged: dict[int, float] = field(default_factory=dict)
    heard: dict[int, int] = field(default_factory=dict)
    whole: dict[int, float] = field(default_factory=dict)  # when the last member had it
    twice: int = 0
    refused: list[str] = field(default_factory=list)

    def hear(self, message: int, at: float) -> None:
        """Note one delivery."""
        if message not in self.due:
            return  # of an earlier round, or of whoever filled the room
        count = self.heard.get(message, 0) + 1
        self.heard[message] = count
        if count == self.members:
            self.whole[message] = at

    @property
    def settled(self) -> bool:
        """Whether everything that was sent is acknowledged and has reached all members."""
        return len(self.acknowledged) == len(self.due) == len(self.whole)

    def require(self) -> None:
        """
        Look whether every acknowledged message reached each member once, and none was lost.

        :raises Untold: otherwise.
        """
        wrong = []
        missing = [m for m in self.acknowledged if self.heard.get(m, 0) != self.members]
        if missing:
            wrong.append(
                f"{len(missing)} of {len(self.acknowledged)} acknowledged messages"
                " did not reach every member once"
            )
        if unacknowledged := len(self.due) - len(self.acknowledged):
            wrong.append(f"{unacknowledged} of {len(self.due)} were never acknowledged")
        if self.twice:
            wrong.append(f"{self.twice} came twice")
        if self.refused:
            wrong.append(f"{len(self.refused)} were refused, the first by {self.refused[0]}")
        if wrong:
            raise Untold("; ".join(wrong))

    def waits(self) -> list[float]:
        """Return the seconds from when each message was due to its acknowledgement."""
        return [at - self.due[m] for m, at in self.acknowledged.items()]

    def arrivals(self) -> list[float]:
        """Return the seconds from when each message was due until all members had it."""
        return [at - self.due[m] for m, at in self.whole.items()]


def summed(rounds: Sequence[Mapping[str, float]]) -> dict[str, Figure]:
    """Return the figure of each name that any round has."""
    names = list(dict.fromkeys(name for one in rounds for name in one))
    return {name: Figure.of([one.get(name, math.nan) for one in rounds]) for name in names}
