"""What whoever keeps a case has to know of its requests; the settings name it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from .. import states
from ..models import Request

SHOWN = 8
"""So many digits of its id are a request's number, wherever people read one."""


def under_way(*, cases: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return the numbers of the requests out of each case that another State has, oldest first."""
    rows = Request.objects.filter(case__in=cases, stage__in=states.WITH_ANOTHER)
    found: dict[UUID, list[str]] = {}
    for case, request in rows.order_by("opened_at", "id").values_list("case", "id"):
        found.setdefault(case, []).append(str(request)[:SHOWN])
    return found
