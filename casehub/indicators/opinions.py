"""What came of asking another State informally, and how soon it answered (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from .lives import TRANSMIT, Consultation, Move, Request, Told
from .telling import Parts, States, Times, too_few
from .turns import Quarter, measure_in, when

SOLVED = "solved-informally"  # why a request was given up: what it was for came without it
_IN_TIME, _LATE, _OVERDUE = "in-time", "late", "overdue"


def came_of(told: Told, requests: Mapping[str, Request], quarter: Quarter) -> list[Parts]:
    """Count consultations by what came of them, and requests by what came after asking."""
    asked = _concerning(told, quarter)
    found = [
        (how, one.knowing)
        for one in asked
        for how, at in (_outcome(one, quarter),)
        if quarter.holds(at) and (how != _OVERDUE or quarter.is_past(at))
    ]
    names = (_IN_TIME, _LATE, _OVERDUE, "taken-back")
    return [
        Parts("consultations", "consultations", _cells(found, names)),
        _after(asked, requests, quarter),
    ]


def answer_times(told: Told, quarter: Quarter) -> list[Times]:
    """Return how long it took from a question to its answer, by measure and by corridor."""
    found, beyond = [], []
    for one in _concerning(told, quarter):
        if one.answered is None or not quarter.holds(one.answered):
            continue
        found.append((int((one.answered - one.asked).total_seconds()), one))
        if one.answered >= one.due and not quarter.holds(one.due):
            beyond.append(one.knowing)

    def row(code: str, groups: Iterable[str]) -> Times:
        lives: dict[str, list[tuple[int, States]]] = {"": []}
        for (seconds, one), group in zip(found, groups, strict=True):
            lives[""].append((seconds, one.knowing))
            lives.setdefault(group, []).append((seconds, one.knowing))
        within = ("consultations", (_IN_TIME, _LATE))
        return Times(code, "first-answer", lives, within=within, beyond=beyond)

    rows = [row("first-answer", [_measure(told, one) for _, one in found])]
    if quarter.state:  # who asks whom is not the region's to see
        corridors = [f"{one.requesting}-{one.requested}" for _, one in found]
        rows.append(row("first-answer-corridors", corridors))
    return rows


def _concerning(told: Told, quarter: Quarter) -> list[Consultation]:
    return [one for one in told.consultations.values() if quarter.concerns(one.knowing)]


def _cells(pairs: Iterable[tuple[str, States]], names: Sequence[str]) -> dict[str, list[States]]:
    found: dict[str, list[States]] = {name: [] for name in names}
    for name, knowing in pairs:
        found[name].append(knowing)
    return found


def _outcome(one: Consultation, quarter: Quarter) -> tuple[str, datetime]:
    """
    Return what came of a consultation, and when that was settled.

    Its term is said with the question, so that it is over without anybody's act: that may be still
    to come. Its first moment too late is `due`. Who asked may go on after it, and a late answer is
    welcome: neither changes that there was none in time. It is late in the quarter in which the
    term ended; one that comes after that quarter does not change it.
    """
    if one.answered is not None and one.answered < one.due:
        return _IN_TIME, one.answered
    if one.ended is not None and one.ended < one.due:
        return "taken-back", one.ended
    late = quarter.holds(one.due) and quarter.holds(one.answered)
    return (_LATE if late else _OVERDUE), one.due


def _measure(told: Told, one: Consultation) -> str:
    """Return what was asked about: only the State that asked has that in its part of the log."""
    request = told.requests.get(one.request)
    return measure_in(request.screened.get(one.version, ()) if request else ())


def _after(
    asked: Sequence[Consultation], requests: Mapping[str, Request], quarter: Quarter
) -> Parts:
    """
    Count requests that were asked about: transmitted afterwards, or given up before that.

    Beside what was transmitted the first of them tells how many were without asking: where those
    are too few it is not told.
    """
    first: dict[str, datetime] = {}
    for one in asked:
        if one.request in requests:
            first[one.request] = min(one.asked, first.get(one.request, one.asked))
    ends = [
        (id_, _how(end), requests[id_].knowing)
        for id_, since in first.items()
        if (end := _end(requests[id_], since)) is not None and quarter.holds(end.at)
    ]
    formal = {id_ for id_, how, _ in ends if how == "formal"}
    unasked = [
        one.knowing
        for id_, one in requests.items()
        if quarter.holds(when(one, TRANSMIT)) and id_ not in formal
    ]
    few = too_few(unasked, region=not quarter.state)
    cells = _cells(((how, knowing) for _, how, knowing in ends), ("formal", "solved", "given-up"))
    besides = frozenset({"formal"}) if few else frozenset[str]()
    return Parts("after-consulting", "after-consulting", cells, besides)


def _end(request: Request, since: datetime) -> Move | None:
    """Return by which move a request was sent or given up after it was asked about."""
    ends = {TRANSMIT, "withdraw"}
    return next((one for one in request.moves if one.step in ends and one.at >= since), None)


def _how(end: Move) -> str:
    if end.step == TRANSMIT:
        return "formal"
    return "solved" if SOLVED in end.codes() else "given-up"
