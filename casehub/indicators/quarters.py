"""
Calendar quarters in UTC, as `2026-Q4`: the one length of time that indicators are told of (pure).

Periods that overlap could be subtracted from each other until a single life was left.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

_FORM = re.compile(r"(20\d\d)-Q([1-4])", re.ASCII)
_MONTHS = 3


def quarter_of(at: datetime) -> str:
    """Return the quarter that a moment lies in."""
    there = at.astimezone(UTC)
    return f"{there.year}-Q{(there.month - 1) // _MONTHS + 1}"


def span_of(quarter: str) -> tuple[datetime, datetime]:
    """
    Return the first moment of a quarter, and that of the next.

    :raises ValueError: for a text that names none.
    """
    found = _FORM.fullmatch(quarter)
    if found is None:
        raise ValueError(f"no quarter: {quarter!r}")
    year, number = int(found[1]), int(found[2])
    since = datetime(year, (number - 1) * _MONTHS + 1, 1, tzinfo=UTC)
    if number == 4:  # noqa: PLR2004 - the last of a year
        return since, datetime(year + 1, 1, 1, tzinfo=UTC)
    return since, datetime(year, number * _MONTHS + 1, 1, tzinfo=UTC)


def before(quarter: str, back: int) -> str:
    """Return the quarter so many before another."""
    year, number = int(quarter[:4]), int(quarter[-1])
    whole = year * 4 + number - 1 - back
    return f"{whole // 4}-Q{whole % 4 + 1}"
