"""The wire forms of case files."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict
from casehub.directory.schemas import StoppedOut

Codes = Annotated[
    list[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]], Field(min_length=1, max_length=11)
]


class CaseIn(Strict):
    """A case to open."""

    client_id: UUID
    states: Codes


class ThreadIn(Strict):
    """A thread to open; the caller is always in it."""

    client_id: UUID
    people: Annotated[list[UUID], Field(max_length=150)]


class PersonIn(Strict):
    """A person to let into a case and into these threads."""

    client_id: UUID
    person: UUID
    circles: Annotated[list[UUID], Field(max_length=200)]


class ReaderIn(Strict):
    """A person of the case to let into one thread."""

    client_id: UUID
    person: UUID


class MemberOut(Schema):
    """A person in a case."""

    id: UUID
    since: datetime
    stopped: StoppedOut | None


class ThreadOut(Schema):
    """A thread that the caller reads."""

    circle: UUID
    opened_at: datetime
    client_id: UUID | None
    people: list[UUID]


class DraftOut(Schema):
    """A drafting circle that the caller reads; its request stands behind /requests."""

    circle: UUID
    opened_at: datetime
    people: list[UUID]


class CaseOut(Schema):
    """A case as the caller may see it; titles and names are ciphertext in its circles."""

    id: UUID
    reference: str
    state: str
    states: list[str]
    circle: UUID
    opened_at: datetime
    owner: UUID
    people: list[MemberOut]
    threads: list[ThreadOut]
    drafts: list[DraftOut]
