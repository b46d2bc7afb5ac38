"""A quarter's indicators as they are shown, from events and nothing else (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from . import limits, lives, quarters
from .lives import Said
from .reckoning import WITHOUT_MOVES, reckon
from .telling import tell
from .turns import Quarter

Shape = dict[str, Any]


class Unread(ValueError):
    """An event has a form that this release does not know."""


def said_by(body: dict[str, Any]) -> Said:
    """Return an event of the log from its canonical JSON, parsed."""
    at = datetime.fromisoformat(body["at"])
    return Said(at, body["kind"], tuple(body["states"]), body["payload"])


def figures(
    bodies: Iterable[dict[str, Any]],
    *,
    quarter: str,
    state: str,
    known: AbstractSet[str],
    now: datetime,
    incomplete: bool = False,
) -> Shape:
    """
    Return the indicators of a quarter for a State (`""`: the region), as they may be told.

    `bodies` are opened events of the log in canonical JSON, in any order and of any kind: those
    that end before the quarter count too, for what began then. For a State those count that concern
    it. Rows of kinds that are not among those `known` to this release are named as not recorded: a
    zero in them would say that nothing happened. What it knows it counts in every quarter, also in
    those before there were such acts. `now`: up to when there are any; what is over by then by its
    term alone counts. `incomplete`: what some events said is missing.

    :raises ValueError: for a text that names no quarter.
    :raises Unread: for an event of a kind that counts, in a form that this release does not know.
    """
    since, until = quarters.span_of(quarter)
    told = _told(bodies, state, until)
    parts, times = reckon(told, Quarter(since, until, state, min(now, until)))
    unrecorded: list[str] = []
    if lives.MOVED not in known:
        codes = [*(one.code for one in parts), *(one.code for one in times)]
        unrecorded = [code for code in codes if code not in WITHOUT_MOVES]
        parts = [one for one in parts if one.code in WITHOUT_MOVES]
        times = [one for one in times if one.code in WITHOUT_MOVES]
    counts, durations = tell(parts, times, region=not state)
    return {
        "quarter": quarter,
        "state": state,
        "least": limits.LEAST,
        "ninth_least": limits.NINTH_LEAST,
        "counts": counts,
        "times": durations,
        "unrecorded": unrecorded,
        "incomplete": incomplete,
    }


def _told(bodies: Iterable[dict[str, Any]], state: str, until: datetime) -> lives.Told:
    try:
        return lives.read(
            said
            for one in bodies
            if one["kind"] in lives.KINDS
            and (not state or state in one["states"])
            and (said := said_by(one)).at < until
        )
    except (ValueError, TypeError, KeyError) as error:
        raise Unread(str(error)) from error
