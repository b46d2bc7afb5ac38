"""When what was said in cases is deleted: by class, by what was promised, by what was signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from .. import rules
from ..models import Case
from . import elsewhere


def due_of(case: Case) -> datetime | None:
    """Return when what was said in a case is deleted; None while it is open."""
    return dues_of([case])[case.id]


def dues_of(cases: Iterable[Case]) -> dict[UUID, datetime | None]:
    """Return when what was said in each of some cases is deleted; None of those that are open."""
    rows = list(cases)
    kept = elsewhere.kept_until(case.id for case in rows if case.closed_at is not None)
    return {case.id: due_with(case, kept.get(case.id, {})) for case in rows}


def due_with(case: Case, kept: Mapping[str, date]) -> datetime | None:
    """Return when it is deleted, `kept` being until which day each State has something kept."""
    ends = [rules.end_of(day, state) for state, day in kept.items()]
    if case.not_before is not None:
        ends.append(case.not_before)
    return rules.delete_at(
        case.retention, closed_at=case.closed_at, not_before=max(ends, default=None)
    )
