"""Telling the readers of a draft that its request changed; ids only, after commit."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from casehub.cases.notify import signal


def request_changed(request: UUID, people: Iterable[object]) -> None:
    """Tell these persons' open sockets to fetch a request again."""
    signal(people, about=request, frame={"type": "request", "request": str(request)})
