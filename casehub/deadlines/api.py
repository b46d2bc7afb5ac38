"""The routes of deadlines and calendars."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from casehub.core.http import actor_of, clock, door

from . import queries, schemas

router = Router()


@router.get("/deadlines", response=list[schemas.DeadlineOut], **door("deadlines.list"))
def list_deadlines(
    request: HttpRequest, of: Literal["requests"] | None = None
) -> list[dict[str, Any]]:
    """
    List until when the caller has to act, nearest first: kinds and moments alone.

    With `of=requests` those alone that have a request, or the circle of a consultation about one.
    """
    if of is None:
        return queries.shapes_for(actor_of(request), now=clock())
    return queries.shapes_of_requests(actor_of(request), now=clock())


@router.get("/calendars", response=list[schemas.CalendarOut], **door("deadlines.calendars.list"))
def list_calendars(request: HttpRequest) -> list[dict[str, Any]]:
    """List the holidays of every State, of this year and the next."""
    del request
    return queries.calendars(clock())
