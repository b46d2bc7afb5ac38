"""What became of a request in a quarter, and of which group it is (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .lives import TRANSMIT, Move, Request

SEVERAL = "several"  # measures in one request
UNNAMED = "none"  # what an older attestation says of measures
URGENT = frozenset({"urgent", "danger_to_life"})
#  what came first says that a request was not right; by the name of its cell
FAULTS = {"ask-information": "asked", "return": "returned"}
DONE = ("execute", "refuse", "return", "withdraw", "expire")  # what the other State is through with


@dataclass(frozen=True, slots=True)
class Quarter:
    """
    The span that is counted, and for which State; `""` is the region.

    `now` is up to when there is anything to count, the span's end at most.
    """

    since: datetime
    until: datetime
    state: str
    now: datetime

    def holds(self, at: datetime | None) -> bool:
        """Say whether a moment lies in it."""
        return at is not None and self.since <= at < self.until

    def is_past(self, at: datetime) -> bool:
        """Say whether a moment that was said beforehand has come."""
        return at <= self.now

    def concerns(self, knowing: Iterable[str]) -> bool:
        """Say whether a life is one of its State's."""
        return not self.state or self.state in knowing

    def is_sent_here(self, request: Request) -> bool:
        """Say whether its State is the one that a request was sent to."""
        return bool(self.state) and self.state == request.requested != request.requesting


def when(request: Request, *steps: str) -> datetime | None:
    """Return when the first of these steps was logged, or None."""
    found = request.first(*steps)
    return found.at if found else None


def measure_of(request: Request) -> str:
    """Return what a request asks for: its one measure, or that it asks for several."""
    return measure_in(request.measures)


def measure_in(measures: Iterable[str]) -> str:
    """Return the one of these measures, or that they are several."""
    found = set(measures)
    return found.pop() if len(found) == 1 else SEVERAL if found else UNNAMED


def corridor_of(request: Request) -> str:
    """Return from which State to which a request goes, as `SV-MX`."""
    return f"{request.requesting}-{request.requested}"


def settled(request: Request) -> Move | None:
    """Return by which move it was settled how a transmitted request turned out; None if not yet."""
    sent = request.first(TRANSMIT)
    return None if sent is None else request.first(*FAULTS, "answer-part", *DONE, after=sent)


def first_time(request: Request) -> tuple[str, datetime] | None:
    """Return how a transmitted request turned out, and when that was settled; None if not yet."""
    end = settled(request)
    return None if end is None else (FAULTS.get(end.step, "right"), end.at)


def is_for(rule: str, end: Move) -> bool:
    """
    Say whether a question or a return is about a rule.

    One that names no rule may be about any.
    """
    return end.step in FAULTS and (not end.rules or rule in end.rules)


def over(requests: Sequence[Request], quarter: Quarter) -> list[tuple[Request, Move]]:
    """Return what the other State is through with, and by which move."""
    return [
        (one, end)
        for one in requests
        if (sent := one.first(TRANSMIT)) is not None
        and (end := one.first(*DONE, after=sent)) is not None
        and quarter.holds(end.at)
    ]


def is_right(request: Request, quarter: Quarter) -> bool:
    """Say whether a request was settled in the quarter, by neither a question nor a return."""
    how = first_time(request)
    return how is not None and how[0] == "right" and quarter.holds(how[1])


def asked_of(request: Request, end: Move) -> int:
    """Return how often information was asked for before a move."""
    until = request.moves[: request.moves.index(end)]
    return sum(one.step == "ask-information" for one in until)


def in_time(request: Request, end: Move) -> str:
    """Say whether an urgent one was done by its deadline; "none": there was none to keep."""
    if not request.deadline or request.urgency not in URGENT:
        return "none"
    met = end.step == "execute" and end.on <= request.deadline
    return "met" if met else "missed"
