"""Doorbells of threads: ids only, after commit, one a thread and batch."""

from __future__ import annotations

from uuid import UUID

from casehub.core.doorbell import ring


def thread_grew(thread: UUID) -> None:
    """Tell every process with readers of this thread to look for new entries."""
    ring(f"thread.{thread}", {"type": "doorbell", "thread": str(thread)})


def device_ready(people: set[UUID]) -> None:
    """Tell those who share a circle with a person that a device of theirs can be added now."""
    for person in sorted(people, key=str):
        welcome_waits(person)


def welcome_waits(person: UUID) -> None:
    """Tell a person's clients that a welcome waits."""
    ring(f"person.{person}", {"type": "doorbell", "person": str(person)})


def marked(person: str, thread: UUID) -> None:
    """Have all of a person's clients, the one that said it too, told how far they have read."""
    signal = {"type": "marks", "thread": str(thread)}
    ring(f"person.{person}", {"type": "doorbell", "person": person, "signal": signal})


def typing(person: str, thread: UUID) -> None:
    """Have those who read this thread told that a person writes in it: no news of the thread."""
    ring(f"thread.{thread}", {"type": "doorbell", "typing": str(thread), "by": person})
