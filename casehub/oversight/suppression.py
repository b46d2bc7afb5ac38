"""
Statistics in which no small number stands (pure).

A cell below five is not told, and where one cell alone of a row is not told, the next smallest
is not either: the row's sum, known from elsewhere, would give it away.
"""

from __future__ import annotations

from collections.abc import Mapping

LEAST = 5


def suppressed(row: Mapping[str, int]) -> dict[str, int | None]:
    """Return the cells of one row, None for those that are not told; an empty cell is 0."""
    small = {name for name, count in row.items() if 0 < count < LEAST}
    if len(small) == 1:
        others = [name for name, count in row.items() if count >= LEAST]
        if others:
            small.add(min(others, key=lambda name: (row[name], name)))
    return {name: None if name in small else count for name, count in row.items()}
