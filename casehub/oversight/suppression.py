"""
Statistics in which no small number stands, nor follows from those that do (pure).

A cell below five is not told. A row's sum is known from elsewhere, or from another row of the same
acts; so more cells are hidden, the smallest first, until each of those hidden may still be any
number below five. Where a row has nothing left to hide, the sum itself goes: a cell of the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

LEAST = 5
Row = Mapping[str, int]


def left_to_one(lives: Sequence[AbstractSet[str]]) -> bool:
    """
    Say whether a State that knows its own of these lives could count one to four of others.

    Each is given as the States that know of it.
    """
    of_each = Counter(state for states in lives for state in states)
    return any(0 < len(lives) - own < LEAST for own in of_each.values())


def of_states(row: Mapping[str, Sequence[AbstractSet[str]]]) -> dict[str, int | None]:
    """Return the cells of a row of the region, each given as its lives, as they may be told."""
    counts = {name: len(lives) for name, lives in row.items()}
    (told,) = suppressed(counts, besides=[{n for n, lives in row.items() if left_to_one(lives)}])
    return told


def suppressed(*rows: Row, besides: Sequence[AbstractSet[str]] = ()) -> list[dict[str, int | None]]:
    """
    Return the cells of rows that count the same acts, None for those that are not told.

    An empty cell is 0; that a cell is empty is told. `besides` names, row by row, cells that are
    hidden for another reason; what would give them away is hidden like what gives away small ones.
    """
    more = besides or [frozenset[str]()] * len(rows)
    hidden = [
        {name for name, count in row.items() if 0 < count < LEAST} | also
        for row, also in zip(rows, more, strict=True)
    ]
    while (one := _next(rows, hidden)) is not None:
        number, name = one
        hidden[number].add(name)
    return [
        {name: None if name in small else count for name, count in row.items()}
        for row, small in zip(rows, hidden, strict=True)
    ]


def _next(rows: Sequence[Row], hidden: Sequence[AbstractSet[str]]) -> tuple[int, str] | None:
    """Return row and cell that have to be hidden as well, or None if that is enough."""
    given_away = [n for n, row in enumerate(rows) if _gives_away(row, hidden[n])]
    for number in given_away:
        name = _smallest_told(rows[number], hidden[number])
        if name is not None:
            return number, name
    for number in given_away:
        others = [n for n in range(len(rows)) if n != number]
        if any(hidden[n] for n in others):
            continue  # the sum is not told by any of them
        for other in others:
            name = _smallest_told(rows[other], hidden[other])
            if name is not None:
                return other, name
    return None


def sum_is_told(row: Row, told: Mapping[str, int | None]) -> bool:
    """Say whether a row's sum may stand beside it: it leaves each hidden cell room enough."""
    return not _gives_away(row, {name for name, count in told.items() if count is None})


def _gives_away(row: Row, hidden: AbstractSet[str]) -> bool:
    """Say whether the row's sum would leave a hidden cell less room than 1 to 4."""
    if not hidden:
        return False
    most = sum(row[name] for name in hidden) - (len(hidden) - 1)  # if all others are 1
    return len(hidden) == 1 or most < LEAST - 1


def _smallest_told(row: Row, hidden: AbstractSet[str]) -> str | None:
    told = [name for name, count in row.items() if count and name not in hidden]
    return min(told, key=lambda name: (row[name], name), default=None)
