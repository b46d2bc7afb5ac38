"""What whoever keeps a case has to know of its requests; the settings name it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from .. import states
from ..models import Move, Request

SHOWN = 8
"""So many digits of its id are a request's number, wherever people read one."""


def under_way(*, cases: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return the numbers of the requests out of each case that another State has, oldest first."""
    rows = Request.objects.filter(case__in=cases, stage__in=states.WITH_ANOTHER)
    found: dict[UUID, list[str]] = {}
    for case, request in rows.order_by("opened_at", "id").values_list("case", "id"):
        found.setdefault(case, []).append(str(request)[:SHOWN])
    return found


def kept_until(*, cases: Collection[UUID]) -> dict[UUID, dict[str, date]]:
    """Return the latest day until which each State signed, closing a request, that it is kept."""
    rows = Move.objects.filter(request__case__in=cases, act=states.Act.CLOSE)
    found: dict[UUID, dict[str, date]] = {}
    for case, state, said in rows.values_list("request__case", "state", "said"):
        day, days = date.fromisoformat(said["keep_until"]), found.setdefault(case, {})
        days[state] = max(day, days.get(state, day))
    return found
