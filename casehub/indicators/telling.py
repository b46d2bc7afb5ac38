"""
Which numbers of the indicators are told (pure).

A cell of fewer than five lives is not, nor one that gives such a cell away. Of the region a cell is
told only if it holds, besides those of any one State, none or five at least: a State knows its own
lives, and could subtract them. Of times there is a median from five on, and a 90th percentile from
ten on, both to the hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casehub.oversight.suppression import left_to_one, sum_is_told, suppressed

from .limits import LEAST, NINTH_LEAST
from .lives import Request
from .quantiles import median, ninth

States = frozenset[str]  # those that know of a life
Shape = dict[str, Any]
_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Parts:
    """
    Lives of one whole, each in exactly one cell.

    Rows with the same `whole` divide the same lives in several ways, and are hidden together. One
    that `crosses` a cell of the first of them divides that cell, and what is beside it, once more.
    `besides` are cells that must not be told for another reason. Where a life may stand in several
    cells (`divides` is false) there is no sum to tell. `follow` are lives whose number follows from
    one that crosses and from the first, told together.
    """

    code: str
    whole: str
    cells: Mapping[str, Sequence[States]]
    besides: frozenset[str] = frozenset()
    divides: bool = True
    crosses: str = ""
    follow: Sequence[Sequence[States]] = ()


@dataclass(frozen=True, slots=True)
class Times:
    """
    How many seconds each life took, by group; `""` is all of them, and each is in one group.

    Rows with the same `whole` are about the same lives. How many there are is not told where
    `at_least` is given, which is what other rows say of that anyhow. They may hold all lives of the
    cells `within` a row of counts (its code, and the cells), and `beyond` those others. Where a
    life may stand in several groups (`divides` is false) there is none of all, and no sum; groups
    `besides` must not be told for another reason.
    """

    code: str
    whole: str
    groups: Mapping[str, Sequence[tuple[int, States]]]
    at_least: int | None = None
    within: tuple[str, tuple[str, ...]] = ("", ())
    beyond: Sequence[States] = ()
    besides: frozenset[str] = frozenset()
    divides: bool = True


def too_few(lives: Sequence[States], *, region: bool) -> bool:
    """Say whether a cell of these lives must not be told for itself."""
    count = len(lives)
    return 0 < count < LEAST or (region and left_to_one(lives))


def leaves_few(some: Sequence[Request], others: Sequence[Request], *, region: bool) -> bool:
    """Say whether one of two rows of requests lies within the other, and leaves too few of it."""
    for inner, outer in ((some, others), (others, some)):
        within = {id(one) for one in inner}
        rest = [one.knowing for one in outer if id(one) not in within]
        if len(rest) == len(outer) - len(inner) and too_few(rest, region=region):
            return True
    return False


def tell(
    parts: Sequence[Parts], times: Sequence[Times], *, region: bool
) -> tuple[list[Shape], list[Shape]]:
    """
    Return rows of counts and rows of times as they are shown, None where a number is not told.

    Counts: `{"code", "cells": {name: count}, "whole"}`. Times, in seconds: `{"code", "groups":
    [{"name", "count", "median", "ninth"}]}`, all of them first.
    """
    counts: list[Shape] = []
    for whole in dict.fromkeys(one.whole for one in parts):
        counts += _together([one for one in parts if one.whole == whole], region=region)
    by_code = {row["code"]: row for row in counts}
    bounded = [_bounded(one, by_code.get(one.within[0]), region=region) for one in times]
    durations: list[Shape] = []
    for whole in dict.fromkeys(one.whole for one in times):
        durations += _timed([one for one in bounded if one.whole == whole], region=region)
    return counts, durations


def _bounded(row: Times, counts: Shape | None, *, region: bool) -> Times:
    """
    Return a row of times with what is known at least of its number, where that is not told.

    It is told where it gives away neither a cell that the row holds nor how many it holds beyond.
    """
    if counts is None:
        return row
    cells, whole = counts["cells"], counts["whole"]
    held = [cells[name] for name in row.within[1]]
    if not too_few(row.beyond, region=region) and None not in held:
        return row
    known = sum(count or 0 for count in held)
    if None not in held or region or whole is None:
        return replace(row, at_least=known)
    others = [count for name, count in cells.items() if name not in row.within[1]]
    hidden = others.count(None) * (LEAST - 1)
    rest = whole - hidden - sum(count for count in others if count is not None)
    return replace(row, at_least=max(known, rest))


def _together(rows: Sequence[Parts], *, region: bool) -> list[Shape]:
    plain = [row for row in rows if not row.crosses]
    counted = [{name: len(lives) for name, lives in row.cells.items()} for row in plain]
    besides = [
        {name for name, lives in row.cells.items() if too_few(lives, region=region)} | row.besides
        for row in plain
    ]
    told = suppressed(*counted, besides=besides)
    while (more := _subtracted(plain, told, region=region)) is not None:
        number, name = more
        besides[number].add(name)
        told = suppressed(*counted, besides=besides)
    stands = all(
        row.divides and _sum_stands(row, count, cells, region=region)
        for row, count, cells in zip(plain, counted, told, strict=True)
    )
    # All rows divide the same lives: the sum of the first is that of each.
    whole = sum(counted[0].values()) if stands else None
    shapes = [
        {"code": row.code, "cells": cells, "whole": whole}
        for row, cells in zip(plain, told, strict=True)
    ]
    crossing = [row for row in rows if row.crosses]
    return shapes + [_crossed(row, told[0], whole, region=region) for row in crossing]


def _subtracted(
    rows: Sequence[Parts], told: Sequence[Mapping[str, int | None]], *, region: bool
) -> tuple[int, str] | None:
    """
    Return row and cell that have to be hidden as well, or None if that is enough.

    A row that is told whole adds up to the sum of each, and leaves of another one what that hides.
    """
    if all(None in cells.values() for cells in told):
        return None
    for number, (row, cells) in enumerate(zip(rows, told, strict=True)):
        names = [name for name, count in cells.items() if count]
        if names and too_few(_left(row, cells), region=region):
            return number, min(names, key=lambda name: (len(row.cells[name]), name))
    return None


def _left(row: Parts, told: Mapping[str, int | None]) -> list[States]:
    return [one for name, count in told.items() if count is None for one in row.cells[name]]


def _sum_stands(
    row: Parts, counted: Mapping[str, int], told: Mapping[str, int | None], *, region: bool
) -> bool:
    """Say whether the sum may stand beside a row: for what is left of it, too, to each State."""
    everyone = [one for lives in row.cells.values() for one in lives]
    few = too_few(everyone, region=region) or too_few(_left(row, told), region=region)
    return not few and sum_is_told(counted, told)


def _crossed(
    row: Parts, first: Mapping[str, int | None], whole: int | None, *, region: bool
) -> Shape:
    """
    Return a row that divides once more what the first divides: all of it, or nothing.

    Its cells add up to one of the first and to the rest. Told beside a hidden one they would give
    it away, and one that is hidden among them would follow from that sum.
    """
    stands = whole is not None and first[row.crosses] is not None
    known = (*row.cells.values(), *row.follow)
    if not stands or any(too_few(lives, region=region) for lives in known):
        return {"code": row.code, "cells": dict.fromkeys(row.cells), "whole": None}
    cells = {name: len(lives) for name, lives in row.cells.items()}
    return {"code": row.code, "cells": cells, "whole": whole}


def _timed(rows: Sequence[Times], *, region: bool) -> list[Shape]:
    """Return rows of times of the same lives; their groups divide them, as cells do."""
    shown = _together([_divided(row) for row in rows], region=region)
    return [
        {
            "code": row.code,
            "groups": [
                _of_group(name, count, row, region=region)
                for name, count in {
                    **({"": cells["whole"]} if row.divides else {}),
                    **cells["cells"],
                }.items()
            ],
        }
        for row, cells in zip(rows, shown, strict=True)
    ]


def _divided(row: Times) -> Parts:
    cells = {name: [who for _, who in found] for name, found in row.groups.items() if name}
    if row.at_least is None:
        return Parts(row.code, row.whole, cells, besides=row.besides, divides=row.divides)
    return Parts(row.code, row.whole, cells, besides=frozenset(cells), divides=False)


def _of_group(name: str, count: int | None, row: Times, *, region: bool) -> Shape:
    """Return a group; that there is a median tells no more of how many there are than is known."""
    found = row.groups.get(name, ())
    known = count or 0
    if not name and row.at_least is not None and not too_few([s for _, s in found], region=region):
        known = min(row.at_least, len(found))
    seconds = [one for one, _ in found]
    return {
        "name": name,
        "count": count,
        "median": _to_hours(median(seconds)) if known >= LEAST else None,
        "ninth": _to_hours(ninth(seconds)) if known >= NINTH_LEAST else None,
    }


def _to_hours(seconds: int) -> int:
    """Return seconds to the nearest hour: to the second it would be one life's own time."""
    return (seconds + _HOUR // 2) // _HOUR * _HOUR
