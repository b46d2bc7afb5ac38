"""
The indicators of one quarter, from what the log says (pure).

Each life is counted in the quarter in which it is settled what it counts as (a request that was
transmitted in March and refused in May is one of the second quarter), so that what is over does not
change by what comes later. Days between moves are those on which they were done, as was signed;
other times are the log's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from casehub.oversight.suppression import of_states

from .limits import FRESH
from .lives import TRANSMIT, Move, Note, Request, Told
from .telling import Parts, States, Times, too_few

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
SEVERAL = "several"  # measures in one request
UNNAMED = "none"  # what an older attestation says of measures
URGENT = frozenset({"urgent", "danger_to_life"})
DONE = ("execute", "refuse", "return", "withdraw", "expire")  # what the other State is through with
WITHOUT_MOVES = frozenset({"directory", "drafting", "notes", "set-aside"})  # rows of other events
_DAY = 86_400
_MOST_ASKED = 3  # times that information was asked for: this often or more


@dataclass(frozen=True, slots=True)
class Quarter:
    """The span that is counted, and for which State; `""` is the region."""

    since: datetime
    until: datetime
    state: str = ""

    def holds(self, at: datetime | None) -> bool:
        """Say whether a moment lies in it."""
        return at is not None and self.since <= at < self.until

    def concerns(self, knowing: Iterable[str]) -> bool:
        """Say whether a life is one of its State's."""
        return not self.state or self.state in knowing


def reckon(told: Told, quarter: Quarter) -> tuple[list[Parts], list[Times]]:
    """Return every row of counts and of times."""
    requests = [one for one in told.requests.values() if quarter.concerns(one.knowing)]
    notes = [one for one in told.notes.values() if quarter.concerns(one.knowing)]
    parts = [
        *_sent(requests, quarter),
        *_settled(requests, quarter),
        *_through(requests, quarter),
        _named("returns", requests, quarter, "return"),
        _named("refusals", requests, quarter, "refuse"),
        _overridden(requests, quarter),
        _preserved(requests, quarter),
        _noted(notes, quarter),
        _fresh(told, quarter),
    ]
    return parts, _times(requests, quarter)


def _cells(
    pairs: Iterable[tuple[str, States]], names: Sequence[str] = ()
) -> dict[str, list[States]]:
    found: dict[str, list[States]] = {name: [] for name in names}
    for name, knowing in pairs:
        found.setdefault(name, []).append(knowing)
    return found


def _when(request: Request, *steps: str) -> datetime | None:
    found = request.first(*steps)
    return found.at if found else None


def measure_of(request: Request) -> str:
    """Return what a request asks for: its one measure, or that it asks for several."""
    found = set(request.measures)
    return found.pop() if len(found) == 1 else SEVERAL if found else UNNAMED


def corridor_of(request: Request) -> str:
    """Return from which State to which a request goes, as `SV-MX`."""
    return f"{request.requesting}-{request.requested}"


# ------------------------------------------------------------------ counts


def _sent(requests: Sequence[Request], quarter: Quarter) -> list[Parts]:
    """Count what was transmitted: how urgent, and along which corridor."""
    sent = [one for one in requests if quarter.holds(_when(one, TRANSMIT))]
    pairs = [("urgent" if one.urgency in URGENT else "ordinary", one.knowing) for one in sent]
    rows = [Parts("urgent", "sent", _cells(pairs, ("urgent", "ordinary")))]
    if quarter.state:  # who asks whom is not the region's to see
        rows.append(Parts("corridors", "sent", _cells((corridor_of(o), o.knowing) for o in sent)))
    return rows


def _settled(requests: Sequence[Request], quarter: Quarter) -> list[Parts]:
    """Count what was right the first time, and whether so where a rule was set aside."""
    found = [
        (one, how)
        for one in requests
        if (how := _first_time(one)) is not None and quarter.holds(how[1])
    ]
    whole = "settled"
    rights = _cells(((how[0], one.knowing) for one, how in found), ("right", "asked", "returned"))
    rows = [Parts("first-time-right", whole, rights)]
    for rule in sorted({rule for one, _ in found for rule in one.overridden}):
        names = ("aside-right", "aside-faulty", "met-right", "met-faulty")
        pairs = (
            (
                f"{'aside' if rule in one.overridden else 'met'}-{_fault(how[0])}",
                one.knowing,
            )
            for one, how in found
        )
        rows.append(Parts(f"rule:{rule}", whole, _cells(pairs, names), crosses="right"))
    return rows


def _fault(how: str) -> str:
    return "right" if how == "right" else "faulty"


def _first_time(request: Request) -> tuple[str, datetime] | None:
    """Return how a transmitted request turned out, and when that was settled; None if not yet."""
    sent = request.first(TRANSMIT)
    if sent is None:
        return None
    named = {"ask-information": "asked", "return": "returned"}
    end = request.first(*named, "answer-part", *DONE, after=sent)
    return None if end is None else (named.get(end.step, "right"), end.at)


def _through(requests: Sequence[Request], quarter: Quarter) -> list[Parts]:
    """Count what the other State is through with: how often it asked, and whether in time."""
    done = [
        (one, end)
        for one in requests
        if (sent := one.first(TRANSMIT)) is not None
        and (end := one.first(*DONE, after=sent)) is not None
        and quarter.holds(end.at)
    ]
    asked = ((str(min(_MOST_ASKED, _asked(one, end))), one.knowing) for one, end in done)
    rows = [Parts("asked", "through", _cells(asked, ("0", "1", "2", "3")))]
    in_time = ((_in_time(one, end), one.knowing) for one, end in done)
    return [*rows, Parts("deadlines", "through", _cells(in_time, ("met", "missed", "none")))]


def _asked(request: Request, end: Move) -> int:
    until = request.moves[: request.moves.index(end)]
    return sum(one.step == "ask-information" for one in until)


def _in_time(request: Request, end: Move) -> str:
    """Say whether an urgent one was done by its deadline; "none": there was none to keep."""
    if not request.deadline or request.urgency not in URGENT:
        return "none"
    met = end.step == "execute" and end.on <= date.fromisoformat(request.deadline)
    return "met" if met else "missed"


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


def _is(move: Move, step: str, quarter: Quarter) -> bool:
    return move.step == step and quarter.holds(move.at)


def _overridden(requests: Sequence[Request], quarter: Quarter) -> Parts:
    """
    Count which rules were set aside in what first became ready in the quarter.

    How much that is, `drafting` tells: the cell of a rule goes where the rest would be too few.
    """
    ready = [one for one in requests if quarter.holds(one.ready)]
    cells = _cells((rule, one.knowing) for one in ready for rule in sorted(one.overridden))
    besides = frozenset(
        rule
        for rule in cells
        if too_few(
            [one.knowing for one in ready if rule not in one.overridden], region=not quarter.state
        )
    )
    return Parts("set-aside", "set-aside", cells, besides, divides=False)


def _preserved(requests: Sequence[Request], quarter: Quarter) -> Parts:
    """
    Count requests for data: with preservation asked for before in the same case, or not.

    "other" is what else was transmitted: it is what the others leave of that sum.
    """
    kept: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for one in requests:
        at = _when(one, TRANSMIT)
        if PRESERVE in one.measures and at is not None:
            kept[one.case, one.requested].append(at)
    pairs = []
    for one in requests:
        at = _when(one, TRANSMIT)
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


# ------------------------------------------------------------------ times


def _times(requests: Sequence[Request], quarter: Quarter) -> list[Times]:
    drafting = [
        (int((one.ready - one.opened).total_seconds()), one)
        for one in requests
        if one.ready is not None and quarter.holds(one.ready)
    ]
    spans = {
        "drafting": drafting,
        "acknowledgement": _between(requests, quarter, TRANSMIT, "acknowledge"),
        "execution": _between(requests, quarter, TRANSMIT, "execute"),
        "postponement": _postponed(requests, quarter),
    }
    rows = [_grouped(code, code, found, measure_of) for code, found in spans.items()]
    if quarter.state:
        rows += [
            _grouped(f"{code}-corridors", code, spans[code], corridor_of)
            for code in ("acknowledgement", "execution")
        ]
    return rows


def _grouped(
    code: str,
    whole: str,
    found: Sequence[tuple[int, Request]],
    group: Callable[[Request], str],
) -> Times:
    groups: dict[str, list[tuple[int, States]]] = {"": []}
    for seconds, one in found:
        groups[""].append((seconds, one.knowing))
        groups.setdefault(group(one), []).append((seconds, one.knowing))
    return Times(code, whole, groups)


def _between(
    requests: Sequence[Request], quarter: Quarter, first: str, then: str
) -> list[tuple[int, Request]]:
    found = []
    for one in requests:
        ended = one.first(then)
        if ended is None or not quarter.holds(ended.at):
            continue
        # What came back and was sent again counts from when it was last sent.
        until = one.moves[: one.moves.index(ended)]
        begun = [move.on for move in until if move.step == first]
        if begun:
            found.append((max(ended.on - begun[-1], timedelta(0)).days * _DAY, one))
    return found


def _postponed(requests: Sequence[Request], quarter: Quarter) -> list[tuple[int, Request]]:
    """
    How long each request was put off by what ended in the quarter, together.

    A postponement ends when the request is gone on with, or is over; one more before that is part
    of the same.
    """
    found = []
    for one in requests:
        ends = [(begun, ended) for begun, ended in _puts_off(one) if quarter.holds(ended.at)]
        if ends:
            days = sum(max(ended.on - begun.on, timedelta(0)).days for begun, ended in ends)
            found.append((days * _DAY, one))
    return found


def _puts_off(request: Request) -> list[tuple[Move, Move]]:
    """Return by which moves each postponement that is over began and ended."""
    found, begun = [], None
    for move in request.moves:
        if move.step == "postpone":
            begun = begun or move
        elif begun is not None and move.step in ("resume", *DONE):
            found.append((begun, move))
            begun = None
    return found
