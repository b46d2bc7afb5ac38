"""What the product is to reach beside the others, in one run on the same core (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from .figures import Figure
from .results import Run

OURS = "CaseHub full x1"
TWO = "CaseHub full x2"
SMALL = "CaseHub embedded"


@dataclass(frozen=True, slots=True)
class Goal:
    """
    A figure of ours beside the same one of another; `least` or `most` bounds their ratio.

    Beside nobody, they bound the figure itself.
    """

    title: str
    part: str
    figure: str
    beside: str
    least: float = 0.0
    most: float = float("inf")
    ours: str = OURS


GOALS = (
    *(
        Goal(f"{part} deliveries, beside {other}", part, "deliveries/s", other, least=least)
        for part in ("S1", "S2", "S3")
        for other, least in (("ejabberd", 1.5), ("Prosody", 4), ("Synapse", 100))
    ),
    Goal("S2 acknowledged, median, beside ejabberd", "S2", "ack p50", "ejabberd", most=1.1),
    Goal("S2 all members, 99 %, beside ejabberd", "S2", "all p99", "ejabberd", most=1.5),
    Goal("catch-up, beside ejabberd", "reading", "catch-up p50", "ejabberd", most=1),
    Goal("last 50, beside ejabberd", "reading", "open p50", "ejabberd", most=1),
    Goal("memory of one line, KiB", "S4", "KiB", "", most=60),
    Goal("S2 two processes beside one", "S2", "deliveries/s", OURS, least=1.7, ours=TWO),
    Goal("S2 embedded beside Synapse", "S2", "deliveries/s", "Synapse", least=20, ours=SMALL),
)


def judged(run: Run) -> list[tuple[Goal, float, bool]]:
    """Return what can be judged of the goals: the ratio found, and whether it is met."""
    found = []
    for goal in GOALS:
        ours, other = run.of(goal.ours), run.of(goal.beside)
        if ours is None or (goal.beside and other is None):
            continue
        mine = ours.figure(goal.part, goal.figure)
        theirs = other.figure(goal.part, goal.figure) if other else Figure.of([1.0])
        if mine.known and theirs.known and theirs.middle:
            ratio = mine.middle / theirs.middle
            found.append((goal, ratio, goal.least <= ratio <= goal.most))
    return found
