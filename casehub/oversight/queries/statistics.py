"""A month in numbers for regional auditors: by State, and no small number among them."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC
from typing import Any

from audit.queries import concerns
from audit.queries.concerns import Search
from casehub.directory import queries as directory

from .. import suppression
from ..policies import month_of

Shape = dict[str, Any]


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
        told = suppression.suppressed(by_area, by_day)
        areas.append({"name": state, "cells": told[0]})
        days.append({"name": state, "cells": told[1]})
    return {"month": month, "least": suppression.LEAST, "areas": areas, "days": days}
