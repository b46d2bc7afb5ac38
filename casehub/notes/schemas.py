"""The wire forms of first-line information."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.cases.schemas import HoldOut
from casehub.core.http import Strict

from . import limits
from .policies import Step

Reason = Literal["not-competent", "already-handled", "nothing-found", "other"]


class NoteIn(Strict):
    """A note to focal points of one State; what it says is encrypted in its circle."""

    client_id: UUID
    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    people: Annotated[list[UUID], Field(min_length=1, max_length=limits.MOST_PEOPLE)]


class NoteNo(Strict):
    """That it is declined, by a reason's code."""

    reason: Reason


class NoteCase(Strict):
    """The case that one's own State has of it."""

    case: UUID


class NoteOut(Schema):
    """
    A note: between which States, who reads it, how far it came. `case`: one's own State's.

    It is kept as the case that it came from. `hold` is of the reader's State; its `lift` may have
    lapsed.
    """

    id: UUID
    circle: UUID
    case: UUID | None
    sender: UUID
    sender_state: str
    state: str
    people: list[UUID]
    step: Step
    sent_at: datetime
    acknowledged_at: datetime | None
    declined_at: datetime | None
    reason: str
    joined_at: datetime | None
    used_at: datetime | None
    led_at: datetime | None
    closed_at: datetime | None
    delete_at: datetime | None
    retention: str
    hold: HoldOut | None
