"""A month in numbers for regional auditors: by State, and no small number among them."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

from audit.queries import concerns
from audit.queries.concerns import Search
from casehub.directory import queries as directory

from .. import suppression

Shape = dict[str, Any]
DECEMBER = 12


def month_of(month: str) -> tuple[datetime, datetime]:
    """Return the first moment of a month such as `2026-11` in UTC, and the first after it."""
    year, number = int(month[:4]), int(month[5:])
    following = (year + 1, 1) if number == DECEMBER else (year, number + 1)
    return datetime(year, number, 1, tzinfo=UTC), datetime(*following, 1, tzinfo=UTC)


def statistics(month: str) -> Shape:
    """Return how many acts of each area each State had, and on each day of the month."""
    since, until = month_of(month)
    areas, days = [], []
    for state in sorted(directory.state_codes()):
        rows = concerns.by_day_and_kind(Search(state=state, since=since, until=until), UTC)
        by_area: Counter[str] = Counter()
        by_day: dict[str, int] = defaultdict(int)
        for day, kind, count in rows:
            by_area[kind.partition(".")[0] or "erased"] += count
            by_day[day.isoformat()] += count
        areas.append({"name": state, "cells": suppression.suppressed(by_area)})
        days.append({"name": state, "cells": suppression.suppressed(by_day)})
    return {"month": month, "least": suppression.LEAST, "areas": areas, "days": days}
