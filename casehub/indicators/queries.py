"""The events that indicators are made of, from the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.events import type_registry
from audit.queries import concerns
from audit.queries.concerns import Search
from casehub.directory import queries as directory

from . import figures, lives, quarters


def of_quarter(quarter: str, *, state: str, now: datetime) -> dict[str, Any]:
    """Return a quarter's indicators for a State; for `""` those of the region as a whole."""
    _, until = quarters.span_of(quarter)
    # An entry that concerns two States is one entry; one that was erased has no kind any more.
    bodies: dict[int, dict[str, Any] | None] = {}
    for code in [state] if state else sorted(directory.state_codes()):
        bodies |= concerns.bodies(Search(state=code, kinds=(*lives.KINDS, ""), until=until))
    opened = [one for one in bodies.values() if one is not None]
    return figures.figures(
        opened,
        quarter=quarter,
        state=state,
        known=type_registry.keys(),
        now=now,
        incomplete=len(opened) < len(bodies),
    )
