"""Median and 90th percentile of durations (pure)."""

from __future__ import annotations

from collections.abc import Sequence


def quantile(values: Sequence[int], hundredth: int) -> int:
    """
    Return a percentile of whole seconds: between two values in proportion, to the nearest second.

    The method is number 7 of Hyndman and Fan (1996), which spreadsheets call inclusive; halves go
    up, so that every program comes to the same number.

    :raises ValueError: of no values.
    """
    if not values:
        raise ValueError("of nothing")
    ordered = sorted(values)
    place, rest = divmod((len(ordered) - 1) * hundredth, 100)
    if rest == 0:
        return ordered[place]
    step = (ordered[place + 1] - ordered[place]) * rest
    return ordered[place] + (2 * step + 100) // 200


def median(values: Sequence[int]) -> int:
    """Return the median."""
    return quantile(values, 50)


def ninth(values: Sequence[int]) -> int:
    """Return the 90th percentile."""
    return quantile(values, 90)
