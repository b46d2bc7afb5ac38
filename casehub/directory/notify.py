"""Telling those who are connected that the directory changed: ids only, after the commit."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from casehub.core.doorbell import ring


def noticed(notice: UUID, people: Iterable[UUID]) -> None:
    """Have a notice looked up by these people, wherever they are connected."""
    about = str(notice)
    frame = {"type": "notice", "notice": about}
    for person in sorted({str(one) for one in people}):
        doorbell = {"type": "doorbell", "person": person, "about": about, "signal": frame}
        ring(f"person.{person}", doorbell)


def devices_changed(person: str) -> None:
    """Have a person's open pages look at their devices, and at what asks to be one."""
    signal = {"about": "devices", "signal": {"type": "devices"}}
    ring(f"person.{person}", {"type": "doorbell", "person": person, **signal})
