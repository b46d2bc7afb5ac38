"""A month in numbers for regional auditors: by State, and no small number among them."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC
from typing import Any

from audit.queries import concerns
from audit.queries.concerns import Search
from casehub.directory import queries as directory
from casehub.notes import queries as notes

from .. import suppression
from ..policies import month_of

Shape = dict[str, Any]


def statistics(month: str) -> Shape:
    """
    Return how many acts of each area each State had, and on each day of the month.

    Of the region, how many first-line notes were sent in it, and of how many was said what.
    """
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
    # Of the region as a whole: who told whom is a pair's to consent to.
    told_notes = suppression.of_states(notes.tally(since, until))
    counted = {"areas": areas, "days": days, "notes": told_notes}
    return {"month": month, "least": suppression.LEAST, **counted}
