"""Telling those of a State who look after its designations that one has changed: ids only."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from casehub.core.doorbell import ring


def changed(designation: UUID, people: Iterable[UUID]) -> None:
    """Have a designation looked up by these people, where they are connected."""
    frame = {"type": "designation", "designation": str(designation)}
    for person in sorted({str(one) for one in people}):
        ring(
            f"person.{person}",
            {
                "type": "doorbell",
                "person": person,
                "about": str(designation),
                "signal": frame,
            },
        )
