"""
What a doorbell may say (pure).

Whoever holds the layer can ring any of them. So each is a reason to look, and no more: what is
handed out is what the database holds then. What has another shape is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from casehub.core.doorbell import KINDS

CASES: Final = ""  # what is read, or waits, has changed
MARKS: Final = "marks"  # how far a thread was read
DEVICES: Final = "devices"


@dataclass(frozen=True, slots=True)
class Grown:
    """A thread has new entries, or (`stale`) somebody must go from its group."""

    thread: UUID
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody writes in a thread."""

    thread: UUID
    by: str


@dataclass(frozen=True, slots=True)
class Over:
    """A session may be over."""

    session: str


@dataclass(frozen=True, slots=True)
class News:
    """Something has changed for a person: what kind of thing, and which."""

    person: str
    kind: str = CASES
    about: UUID | None = None

    @property
    def frame(self) -> dict[str, Any]:
        """What their pages are told, but of cases and marks, which are looked up before."""
        named = {} if self.about is None else {self.kind: str(self.about)}
        return {"type": self.kind, **named}


Bell = Grown | Typing | Over | News


def heard(event: Mapping[str, Any]) -> Bell | None:
    """Return what an event of the layer says, or None if that is nothing."""
    try:
        return _heard(event)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _heard(event: Mapping[str, Any]) -> Bell | None:
    if "typing" in event:
        return Typing(UUID(event["typing"]), str(UUID(event["by"])))
    if "thread" in event:
        return Grown(UUID(event["thread"]), stale=event.get("look") is True)
    if "session" in event:
        return Over(str(UUID(event["session"])))
    return _news(str(UUID(event["person"])), event.get("signal"))


def _news(person: str, signal: Mapping[str, Any] | None) -> News | None:
    if signal is None:
        return News(person)
    kind = signal["type"]
    if kind == DEVICES:
        return News(person, DEVICES)
    if kind == MARKS:
        return News(person, MARKS, UUID(signal["thread"]))
    return News(person, kind, UUID(signal[kind])) if kind in KINDS else None
