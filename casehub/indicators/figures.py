"""A quarter's indicators as they are shown, from events and nothing else (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from . import limits, lives, quarters
from .lives import Said
from .reckoning import Quarter, reckon
from .telling import tell

Shape = dict[str, Any]


def said_by(body: dict[str, Any]) -> Said:
    """Return an event of the log from its canonical JSON, parsed."""
    at = datetime.fromisoformat(body["at"])
    return Said(at, body["kind"], tuple(body["states"]), body["payload"])


def figures(bodies: Iterable[dict[str, Any]], *, quarter: str, state: str) -> Shape:
    """
    Return the indicators of a quarter for a State (`""`: the region), as they may be told.

    `bodies` are opened events of the log in canonical JSON, in any order and of any kind: those
    that end before the quarter count too, for what began then.

    :raises ValueError: for a text that names no quarter.
    """
    since, until = quarters.span_of(quarter)
    told = lives.read(
        said for one in bodies if (said := said_by(one)).kind in lives.KINDS and said.at < until
    )
    parts, times = reckon(told, Quarter(since, until, state))
    counts, durations = tell(parts, times, region=not state)
    return {
        "quarter": quarter,
        "state": state,
        "least": limits.LEAST,
        "ninth_least": limits.NINTH_LEAST,
        "counts": counts,
        "times": durations,
    }
