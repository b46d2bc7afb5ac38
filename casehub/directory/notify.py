"""Telling those who are connected that the directory changed: ids only, after the commit."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from casehub.core.doorbell import ring, tell


def noticed(notice: UUID, people: Iterable[UUID]) -> None:
    """Have a notice looked up by these people, wherever they are connected."""
    tell(people, "notice", notice)


def devices_changed(person: str) -> None:
    """Have a person's open pages look at their devices, and at what asks to be one."""
    signal = {"type": "devices"}
    ring(f"person.{person}", {"type": "doorbell", "person": person, "signal": signal})
