"""
The indicators of one quarter, from what the log says (pure).

Each life is counted in the quarter in which it is settled what it counts as (a request that was
transmitted in March and refused in May is one of the second quarter), so that what is over does not
change by what comes later. Days between moves are those on which they were done, as was signed;
other times are the log's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from casehub.oversight.suppression import of_states

from .limits import FRESH
from .lives import TRANSMIT, Move, Note, Request, Told
from .migrants import protected, stopped
from .opinions import answer_times, came_of
from .spans import times
from .telling import Parts, States, Times, too_few
from .turns import (
    FAULTS,
    URGENT,
    Quarter,
    asked_of,
    corridor_of,
    in_time,
    is_for,
    is_right,
    measure_of,
    over,
    settled,
    when,
)

DIGITAL = frozenset(
    {
        "content_data",
        "interception",
        "realtime_traffic",
        "subscriber_data",
        "traffic_data",
    }
)
PRESERVE = "preserve_data"  # a request of its own, before another one (Budapest 16, 29)
WITHOUT_MOVES = frozenset(  # rows of other events
    {
        "consultations",
        "directory",
        "drafting",
        "first-answer",
        "first-answer-corridors",
        "notes",
        "protection",
        "set-aside",
    }
)
#  of which a closing says in which band of value they are (requests_mla/codes.py)
ASSETS, BANDS = ("traced", "frozen", "confiscated", "returned"), ("1", "2", "3", "4")
RECEIVED = "received:"  # before the code of a row of what other States asked this one
_Row = TypeVar("_Row", Parts, Times)
_MOST_ASKED = 3  # times that information was asked for: this often or more


def reckon(told: Told, quarter: Quarter) -> tuple[list[Parts], list[Times]]:
    """Return every row of counts and of times."""
    concerned = {id_: one for id_, one in told.requests.items() if quarter.concerns(one.knowing)}
    sent_here = [one for one in concerned.values() if quarter.is_sent_here(one)]
    known = {
        id_: one
        for id_, one in concerned.items()
        if one.opened is not None and not quarter.is_sent_here(one)
    }
    requests = list(known.values())
    notes = [one for one in told.notes.values() if quarter.concerns(one.knowing)]
    parts = [
        *_handled(requests, quarter),
        stopped(requests, quarter, here=True),
        *_effects(requests, quarter),
        _overridden(requests, quarter),
        protected(requests, quarter),
        _preserved(requests, quarter),
        *came_of(told, known, quarter),
        _noted(notes, quarter),
        _fresh(told, quarter),
    ]
    durations = [*times(requests, quarter), *answer_times(told, quarter)]
    if quarter.state:  # the region counts each request once, by whoever asked
        rows = (*_handled(sent_here, quarter), stopped(sent_here, quarter, here=False))
        parts += [_as_received(one) for one in rows]
        found = times(sent_here, quarter)
        durations += [_as_received(one) for one in found if one.code != "drafting"]
    return parts, durations


def _handled(requests: Sequence[Request], quarter: Quarter) -> list[Parts]:
    """Count what both States know from the transmission on."""
    return [
        *_sent(requests, quarter),
        _turned_out(_settled(requests, quarter)),
        *_through(requests, quarter),
        _named("returns", requests, quarter, "return"),
        _named("refusals", requests, quarter, "refuse"),
        _named("refusals-in-part", requests, quarter, "refuse-part"),
        *_valued(requests, quarter),
    ]


def _as_received(row: _Row) -> _Row:
    """Return a row of what a State received: of other lives than those of what it asked."""
    return replace(row, code=f"{RECEIVED}{row.code}", whole=f"{RECEIVED}{row.whole}")


def _cells(
    pairs: Iterable[tuple[str, States]], names: Sequence[str] = ()
) -> dict[str, list[States]]:
    found: dict[str, list[States]] = {name: [] for name in names}
    for name, knowing in pairs:
        found.setdefault(name, []).append(knowing)
    return found


def _sent(requests: Sequence[Request], quarter: Quarter) -> list[Parts]:
    """Count what was transmitted: how urgent, and along which corridor."""
    sent = [one for one in requests if quarter.holds(when(one, TRANSMIT))]
    pairs = [("urgent" if one.urgency in URGENT else "ordinary", one.knowing) for one in sent]
    rows = [Parts("urgent", "sent", _cells(pairs, ("urgent", "ordinary")))]
    if quarter.state:  # who asks whom is not the region's to see
        rows.append(Parts("corridors", "sent", _cells((corridor_of(o), o.knowing) for o in sent)))
    return rows


def _settled(requests: Sequence[Request], quarter: Quarter) -> list[tuple[Request, Move]]:
    """Return of what it was settled in the quarter how it turned out, and by which move."""
    return [
        (one, end)
        for one in requests
        if (end := settled(one)) is not None and quarter.holds(end.at)
    ]


def _turned_out(found: Sequence[tuple[Request, Move]]) -> Parts:
    """Count what was right the first time."""
    pairs = ((FAULTS.get(end.step, "right"), one.knowing) for one, end in found)
    return Parts("first-time-right", "settled", _cells(pairs, ("right", "asked", "returned")))


def _effects(requests: Sequence[Request], quarter: Quarter) -> list[Parts]:
    """Count for each rule that was set aside whether what turned out was right, with it and not."""
    found = _settled(requests, quarter)
    rules = sorted({rule for one, _ in found for rule in one.overridden})
    return [_effect(rule, found) for rule in rules]


def _effect(rule: str, found: Sequence[tuple[Request, Move]]) -> Parts:
    """
    Count what had a defect by a rule, where it was set aside and where not.

    Told with what came back at all, that says how many came back for the rule and for others.
    """
    names = ("aside-right", "aside-faulty", "met-right", "met-faulty")
    pairs, apart = [], []
    for one, end in found:
        aside = "aside" if rule in one.overridden else "met"
        faulty = is_for(rule, end)
        pairs.append((f"{aside}-{'faulty' if faulty else 'right'}", one.knowing))
        if end.step in FAULTS:
            apart.append((f"{end.step}-{faulty}", one.knowing))
    follow = list(_cells(apart).values())
    return Parts(f"rule:{rule}", "settled", _cells(pairs, names), crosses="right", follow=follow)


def _through(requests: Sequence[Request], quarter: Quarter) -> list[Parts]:
    """Count what the other State is through with: how often it asked, and whether in time."""
    done = over(requests, quarter)
    asked = [(one, str(min(_MOST_ASKED, asked_of(one, end)))) for one, end in done]
    cells = _cells(((name, one.knowing) for one, name in asked), ("0", "1", "2", "3"))
    # of what was not asked about, that which was not right came back
    faulty = [o.knowing for o, name in asked if name == "0" and not is_right(o, quarter)]
    besides = frozenset({"0"}) if too_few(faulty, region=not quarter.state) else frozenset[str]()
    rows = [Parts("asked", "through", cells, besides)]
    kept = ((in_time(one, end), one.knowing) for one, end in done)
    return [*rows, Parts("deadlines", "through", _cells(kept, ("met", "missed", "none")))]


def _named(code: str, requests: Sequence[Request], quarter: Quarter, step: str) -> Parts:
    """
    Count by each code that is named; a request under several stands in each of their cells.

    Under one that was named to it several times it stands once: five times one life are not five.
    """
    named = (
        (one, {name for move in one.moves if _is(move, step, quarter) for name in move.codes()})
        for one in requests
    )
    pairs = ((name, one.knowing) for one, codes in named for name in sorted(codes))
    return Parts(code, code, _cells(pairs), divides=False)


def _valued(requests: Sequence[Request], quarter: Quarter) -> list[Parts]:
    """Count by bands of value what was traced, frozen, confiscated, returned, as closings say."""
    closed = [
        (one, dict(name.split("-") for name in move.codes("assets")))
        for one in requests
        for move in one.moves
        if _is(move, "close", quarter)
    ]
    rows = {
        kind: [(said[kind], one.knowing) for one, said in closed if kind in said] for kind in ASSETS
    }
    return [
        Parts(f"assets-{kind}", f"assets-{kind}", _cells(pairs, BANDS))
        for kind, pairs in rows.items()
    ]


def _is(move: Move, step: str, quarter: Quarter) -> bool:
    return move.step == step and quarter.holds(move.at)


def _overridden(requests: Sequence[Request], quarter: Quarter) -> Parts:
    """
    Count which rules were set aside in what first became ready in the quarter.

    How much that is, `drafting` tells, and of which measures, whose rules are known: the cell of a
    rule goes where the rest would be too few, of all or of a measure that it was set aside for.
    """
    ready = [one for one in requests if quarter.holds(one.ready)]
    cells = _cells((rule, one.knowing) for one in ready for rule in sorted(one.overridden))
    region = not quarter.state
    besides = frozenset(
        rule for rule in cells if any(too_few(one, region=region) for one in _rests(rule, ready))
    )
    return Parts("set-aside", "set-aside", cells, besides, divides=False)


def _rests(rule: str, ready: Sequence[Request]) -> list[list[States]]:
    """Return what did without a rule's being set aside: of all, and of each measure it was in."""
    of_measure: dict[str, list[Request]] = defaultdict(list)
    for one in ready:
        of_measure[measure_of(one)].append(one)
    reached = [found for found in of_measure.values() if any(rule in o.overridden for o in found)]
    return [
        [one.knowing for one in found if rule not in one.overridden] for found in (ready, *reached)
    ]


def _preserved(requests: Sequence[Request], quarter: Quarter) -> Parts:
    """
    Count requests for data: with preservation asked for before in the same case, or not.

    "other" is what else was transmitted: it is what the others leave of that sum.
    """
    kept: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for one in requests:
        at = when(one, TRANSMIT)
        if PRESERVE in one.measures and at is not None:
            kept[one.case, one.requested].append(at)
    pairs = []
    for one in requests:
        at = when(one, TRANSMIT)
        if at is None or not quarter.holds(at):
            continue
        before = any(other < at for other in kept[one.case, one.requested])
        how = "preserved" if before else "not-preserved"
        pairs.append((how if DIGITAL.intersection(one.measures) else "other", one.knowing))
    return Parts("preserved", "sent", _cells(pairs, ("preserved", "not-preserved", "other")))


def _noted(notes: Sequence[Note], quarter: Quarter) -> Parts:
    """Count the first-line notes of which something was said in the quarter, by what it was."""
    steps = ("sent", "acknowledged", "declined", "joined", "used", "led")
    said = [
        (step, at, one.knowing)
        for one in notes
        for step, at in one.said.items()
        if quarter.holds(at)
    ]
    cells = _cells(((step, knowing) for step, _, knowing in said), steps)
    hidden = frozenset[str]() if quarter.state else _hidden_in_months(said)
    return Parts("notes", "notes", cells, hidden, divides=False)


def _hidden_in_months(said: Iterable[tuple[str, datetime, States]]) -> frozenset[str]:
    """
    Return the steps that the region's statistics hide in one of the quarter's months.

    Who reads both could subtract the months that are told from the quarter.
    """
    months: dict[tuple[int, int], list[tuple[str, States]]] = defaultdict(list)
    for step, at, knowing in said:
        there = at.astimezone(UTC)
        months[there.year, there.month].append((step, knowing))
    told = (of_states(_cells(pairs)) for pairs in months.values())
    return frozenset(step for row in told for step, count in row.items() if count is None)


def _fresh(told: Told, quarter: Quarter) -> Parts:
    """Count the directory's entries at the end of the quarter: confirmed lately, or not."""
    pairs = [
        ("fresh" if _is_fresh(one.confirmed, quarter.until) else "stale", frozenset({one.state}))
        for one in told.entries.values()
        if quarter.concerns({one.state})
        and one.since < quarter.until
        and (one.until is None or one.until >= quarter.until)
    ]
    return Parts("directory", "directory", _cells(pairs, ("fresh", "stale")))


def _is_fresh(confirmed: Sequence[datetime], until: datetime) -> bool:
    return any(until - FRESH <= at < until for at in confirmed)
