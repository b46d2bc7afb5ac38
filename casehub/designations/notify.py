"""Telling those of a State who look after its designations that one has changed: ids only."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from casehub.core.doorbell import tell


def changed(designation: UUID, people: Iterable[UUID]) -> None:
    """Have a designation looked up by these people, where they are connected."""
    tell(people, "designation", designation)
