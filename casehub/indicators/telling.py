"""
Which numbers of the indicators are told (pure).

A cell of fewer than five lives is not, nor one that gives such a cell away. Of the region a cell is
told only if it holds, besides those of any one State, none or five at least: a State knows its own
lives, and could subtract them. Of times there is a median from five on, and a 90th percentile from
ten on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casehub.oversight.suppression import sum_is_told, suppressed

from .limits import LEAST, NINTH_LEAST
from .quantiles import median, ninth

States = frozenset[str]  # those that know of a life
Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parts:
    """
    Lives of one whole, each in exactly one cell.

    Rows with the same `whole` divide the same lives in several ways, and are hidden together.
    `besides` are cells that must not be told for another reason.
    """

    code: str
    whole: str
    cells: Mapping[str, Sequence[States]]
    besides: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Times:
    """How many seconds each life took, by group; `""` is all of them."""

    code: str
    groups: Mapping[str, Sequence[tuple[int, States]]]


def too_few(lives: Sequence[States], *, region: bool) -> bool:
    """Say whether a cell of these lives must not be told for itself."""
    count = len(lives)
    if 0 < count < LEAST:
        return True
    if not region:
        return False
    of_each = Counter(state for states in lives for state in states)
    return any(0 < count - own < LEAST for own in of_each.values())


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
    return counts, [_timed(one, region=region) for one in times]


def _together(rows: Sequence[Parts], *, region: bool) -> list[Shape]:
    counted = [{name: len(lives) for name, lives in row.cells.items()} for row in rows]
    besides = [
        {name for name, lives in row.cells.items() if too_few(lives, region=region)} | row.besides
        for row in rows
    ]
    # The lives of the whole, as the first row has them: all rows divide the same ones.
    all_of_them = [one for lives in rows[0].cells.values() for one in lives]
    told = suppressed(*counted, besides=besides)
    whole = (
        sum(counted[0].values())
        if not too_few(all_of_them, region=region)
        and all(sum_is_told(row, cells) for row, cells in zip(counted, told, strict=True))
        else None
    )
    return [
        {"code": row.code, "cells": cells, "whole": whole}
        for row, cells in zip(rows, told, strict=True)
    ]


def _timed(row: Times, *, region: bool) -> Shape:
    """Return a row of times; its groups divide all lives, so a small one is not what is left."""
    everyone = row.groups.get("", ())
    groups = {name: values for name, values in row.groups.items() if name}
    divided = Parts(row.code, row.code, {k: [who for _, who in v] for k, v in groups.items()})
    cells = _together([divided], region=region)[0]["cells"]
    shown = {"": None if too_few([who for _, who in everyone], region=region) else len(everyone)}
    hidden_beside = any(count is None for count in cells.values())
    if hidden_beside and shown[""] is not None and not _sum_stands(groups, cells):
        shown[""] = None
    shown |= cells
    return {
        "code": row.code,
        "groups": [
            _of_group(name, count, [seconds for seconds, _ in row.groups.get(name, ())])
            for name, count in shown.items()
        ],
    }


def _sum_stands(
    groups: Mapping[str, Sequence[tuple[int, States]]], cells: Mapping[str, int | None]
) -> bool:
    return sum_is_told({name: len(values) for name, values in groups.items()}, cells)


def _of_group(name: str, count: int | None, seconds: Sequence[int]) -> Shape:
    if count is None or count == 0:
        return {"name": name, "count": count, "median": None, "ninth": None}
    return {
        "name": name,
        "count": count,
        "median": median(seconds) if count >= LEAST else None,
        "ninth": ninth(seconds) if count >= NINTH_LEAST else None,
    }
