"""Telling connected clients that their cases changed; ids only, after commit."""

from __future__ import annotations

from collections.abc import Iterable

from casehub.core.doorbell import ring, tell


def people_changed(people: Iterable[object], circles: Iterable[object]) -> None:
    """Tell persons that a case, circle or welcome changed for them, and the readers' processes."""
    for person in sorted({str(p) for p in people}):
        ring(f"person.{person}", {"type": "doorbell", "person": person})
    for circle in sorted({str(c) for c in circles}):
        ring(f"thread.{circle}", {"type": "doorbell", "thread": circle, "members": True})


def joining_changed(joining: object, people: Iterable[object]) -> None:
    """Have what waits for consent or acceptance looked up by these people, where connected."""
    tell(people, "joining", joining)


def roster_stale(circles: Iterable[object]) -> None:
    """Have the readers of these circles look who must go from their groups, and take them out."""
    for circle in sorted({str(c) for c in circles}):
        ring(f"thread.{circle}", {"type": "doorbell", "thread": circle, "look": True})
