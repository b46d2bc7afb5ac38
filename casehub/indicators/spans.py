"""How long it took from one move of a request to another (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta

from .limits import LEAST
from .lives import TRANSMIT, Move, Request
from .telling import States, Times, leaves_few, too_few
from .turns import DONE, SEVERAL, Quarter, corridor_of, in_time, measure_in, measure_of, over

_DAY = 86_400
_PARTS = "execution-parts"
_ANSWERS, _REFUSES_ALL = frozenset({"answer-part", "execute"}), "refuse"
_CLOSES = frozenset({*_ANSWERS, _REFUSES_ALL, "refuse-part"})


def times(requests: Sequence[Request], quarter: Quarter) -> list[Times]:
    """Return every row of times."""
    drafting = [
        (int((one.ready - one.opened).total_seconds()), one)
        for one in requests
        if one.opened is not None and one.ready is not None and quarter.holds(one.ready)
    ]
    spans = {
        "drafting": drafting,
        "acknowledgement": _between(requests, quarter, TRANSMIT, "acknowledge"),
        "execution": _between(requests, quarter, TRANSMIT, "execute"),
        "postponement": _postponed(requests, quarter),
    }
    at_least = {"execution": _executed_at_least(requests, quarter)}
    rows = [
        _grouped(code, code, found, measure_of, at_least.get(code)) for code, found in spans.items()
    ]
    if quarter.state:
        rows += [
            _grouped(f"{code}-corridors", code, spans[code], corridor_of, at_least.get(code))
            for code in ("acknowledgement", "execution")
        ]
    return [*rows, _in_parts(requests, quarter)]


def _in_parts(requests: Sequence[Request], quarter: Quarter) -> Times:
    """
    Return how long each measure took of requests for several, from when they were last sent.

    A request stands in each of its measures that was answered in the quarter, and so in no sum.
    What is over, executed, or executed in time is told elsewhere: a measure that leaves too few of
    one of these is not.
    """
    groups: dict[str, list[tuple[int, Request]]] = defaultdict(list)
    for one in requests:
        for measure, days in _answered_in(one, quarter):
            groups[measure].append((days * _DAY, one))
    executed = [one for _, one in _between(requests, quarter, TRANSMIT, "execute")]
    done = over(requests, quarter)
    told_elsewhere = (
        [one for one in executed if measure_of(one) == SEVERAL],
        executed,
        [one for one, _ in done],
        [one for one, end in done if in_time(one, end) == "met"],
    )
    hidden = {
        measure
        for measure, found in groups.items()
        for row in told_elsewhere
        if leaves_few([one for _, one in found], row, region=not quarter.state)
    }
    told = {name: [(took, one.knowing) for took, one in found] for name, found in groups.items()}
    return Times(_PARTS, _PARTS, told, besides=frozenset(hidden), divides=False)


def _answered_in(request: Request, quarter: Quarter) -> list[tuple[str, int]]:
    """
    Return in how many days each of several measures was answered, of those in the quarter.

    Of a kind of which some are refused the last that is answered counts, once none is left: a
    refusal of the whole leaves none.
    """
    found: list[tuple[str, int]] = []
    sent, left, answered = None, list[str](), dict[str, Move]()
    for move in request.moves:
        if move.step == TRANSMIT:
            sent, left, answered = move, list(move.measures), {}
        if (
            move.step not in _CLOSES
            or sent is None
            or measure_in(filter(None, sent.measures)) != SEVERAL
        ):
            continue
        named = {*range(len(left))}
        if move.step != _REFUSES_ALL:
            named &= {*move.places}
        for place in named:
            measure, left[place] = left[place], ""
            if move.step in _ANSWERS:
                answered[measure] = move
            last = answered.get(measure)
            if measure and measure not in left and last and quarter.holds(move.at):
                found.append((measure, max(last.on - sent.on, timedelta(0)).days))
    return found


def _executed_at_least(requests: Sequence[Request], quarter: Quarter) -> int | None:
    """
    Return how many were executed at least by other rows, where it is not told how many were.

    That is where too few others are over (refused, or returned), or too few were executed that had
    no deadline or missed it. None: it is told.
    """
    region = not quarter.state
    done = over(requests, quarter)
    executed = [one for _, one in _between(requests, quarter, TRANSMIT, "execute")]
    met = [one for one, end in done if in_time(one, end) == "met"]
    least = []
    for outer, inner, known in (
        ([one for one, _ in done], executed, len(done) - (LEAST - 1)),
        (executed, met, len(met) + 1),
    ):
        without = {id(one) for one in inner}
        rest = [one.knowing for one in outer if id(one) not in without]
        outside = [one.knowing for one in outer]
        if too_few(rest, region=region) and not too_few(outside, region=region):
            least.append(max(0, known))
    return min(least, default=None)


def _grouped(
    code: str,
    whole: str,
    found: Sequence[tuple[int, Request]],
    group: Callable[[Request], str],
    at_least: int | None,
) -> Times:
    groups: dict[str, list[tuple[int, States]]] = {"": []}
    for seconds, one in found:
        groups[""].append((seconds, one.knowing))
        groups.setdefault(group(one), []).append((seconds, one.knowing))
    return Times(code, whole, groups, at_least)


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
