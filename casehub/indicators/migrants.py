"""What the protocol on migrants asks for: protection where one is heard, no prosecution (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .lives import Move, Request
from .telling import Parts, States, leaves_few, too_few
from .turns import SEVERAL, Quarter, measure_of, settled

INTERVIEW = "migrant_interview"
PROTECTION, NON_LIABILITY = "MIG-PROTECTION", "MIG-NON-LIABILITY"
#  by which steps a rule stops a request, by the name of their cells
_STOPS = {"ask-changes": "changes", "return": "returned"}


def protected(requests: Sequence[Request], quarter: Quarter) -> Parts:
    """
    Count what first became ready in the quarter to hear a migrant: with a plan to protect or not.

    The rule that wants one was met, or a coordinator set it aside. `drafting` tells how many became
    ready, also of this measure, and `set-aside` for how many the rule was: where one of them leaves
    too few of another, none of this is told.
    """
    ready = [one for one in requests if quarter.holds(one.ready)]
    cells: dict[str, list[States]] = {"met": [], "aside": []}
    for one in ready:
        if INTERVIEW in one.measures:
            cells[_how(one)].append(one.knowing)
    apart: dict[tuple[str, str], list[States]] = {}
    for one in ready:
        apart.setdefault((_kind(one), _how(one)), []).append(one.knowing)
    mixed = [one.knowing for one in ready if _kind(one) == SEVERAL]
    if any(too_few(one, region=not quarter.state) for one in (*apart.values(), mixed)):
        hidden = frozenset(cells)
        return Parts("protection", "protection", cells, hidden, divides=False)
    return Parts("protection", "protection", cells)


def _how(request: Request) -> str:
    return "aside" if PROTECTION in request.overridden else "met"


def _kind(request: Request) -> str:
    """Return whether it is to hear a migrant, alone or beside other measures, or is not."""
    several = measure_of(request) == SEVERAL
    if INTERVIEW in request.measures:
        return "with-others" if several else "alone"
    return SEVERAL if several else "other"


def stopped(requests: Sequence[Request], quarter: Quarter, *, here: bool) -> Parts:
    """
    Count what was stopped because a migrant was to be prosecuted for having been smuggled.

    That is a request for changes before it was sent, known to its own State alone (`here`), or a
    return, that names the rule; a request counts once, by what stopped it first. Where what came
    back at all, or by one code, would leave too few beside it, returns are not told.
    """
    names = _STOPS if here else {"return": _STOPS["return"]}
    cells: dict[str, list[States]] = {name: [] for name in names.values()}
    returned = []
    for one in requests:
        end = next((move for move in one.moves if _stops(move, names)), None)
        if end is not None and quarter.holds(end.at):
            cells[names[end.step]].append(one.knowing)
            returned += [one] * (end.step == "return")
    region = not quarter.state
    others = _came_back(requests, quarter)
    gives_away = any(leaves_few(returned, row, region=region) for row in others)
    hidden = frozenset({_STOPS["return"]}) if gives_away else frozenset[str]()
    return Parts("non-liability", "non-liability", cells, hidden)


def _stops(move: Move, steps: Iterable[str]) -> bool:
    return move.step in steps and NON_LIABILITY in move.rules


def _came_back(requests: Sequence[Request], quarter: Quarter) -> list[list[Request]]:
    """Return what other rows tell of what came back: first, at all, and by each code."""
    first = [
        one
        for one in requests
        if (end := settled(one)) is not None and end.step == "return" and quarter.holds(end.at)
    ]
    by_code: dict[str, list[Request]] = {"": []}
    for one in requests:
        back = [move for move in one.moves if move.step == "return" and quarter.holds(move.at)]
        by_code[""] += [one] * bool(back)
        for code in {code for move in back for code in move.codes()}:
            by_code.setdefault(code, []).append(one)
    return [first, *by_code.values()]
