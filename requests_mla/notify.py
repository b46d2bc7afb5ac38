"""Telling whom a request concerns that something changed; ids only, after commit."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from casehub.cases.notify import signal


def request_changed(request: UUID, people: Iterable[object]) -> None:
    """Tell these persons' open sockets to fetch a request again."""
    signal(people, about=request, frame={"type": "request", "request": str(request)})


def answer_wanted(consultation: UUID, people: Iterable[object]) -> None:
    """Tell those who were asked informally that the term of their answer is near."""
    frame: dict[str, object] = {"type": "consultation", "consultation": str(consultation)}
    signal(people, about=consultation, frame=frame)
