"""Telling whom a request concerns that something changed; ids only, after commit."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from casehub.core.doorbell import tell


def request_changed(request: UUID, people: Iterable[object]) -> None:
    """Tell these persons' open sockets to fetch a request again."""
    tell(people, "request", request)


def answer_wanted(consultation: UUID, people: Iterable[object]) -> None:
    """Tell those who were asked informally that the term of their answer is near."""
    tell(people, "consultation", consultation)
