"""Why a quarter's indicators are not told, or nothing (pure)."""

from __future__ import annotations

from datetime import datetime

from . import limits, quarters


def why_not_read(quarter: str, *, auditor: bool, now: datetime) -> str | None:
    """
    Return why a quarter is not told, or None.

    None that can still grow: read before and after an act it would tell that act, also to people of
    its State who may not see it. The log takes changes up to a day late. A State's `auditor` sees
    each of its acts anyway.
    """
    running = quarters.quarter_of(now)
    if not quarters.before(running, limits.QUARTERS - 1) <= quarter <= running:
        return "quarter-unknown"
    over = now >= quarters.span_of(quarter)[1] + limits.SETTLES
    return None if over or auditor else "quarter-not-over"
