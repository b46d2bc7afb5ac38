"""Telling whoever is connected that the directory changed: ids only, after the commit."""

from __future__ import annotations

from casehub.core.doorbell import ring


def devices_changed(person: str) -> None:
    """Have a person's open pages look at their devices, and at what asks to be one."""
    signal = {"about": "devices", "signal": {"type": "devices"}}
    ring(f"person.{person}", {"type": "doorbell", "person": person, **signal})
