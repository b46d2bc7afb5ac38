"""The wire forms of letterheads and documents."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict

from . import limits

B64u = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
Digest = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
Kind = Literal["docx", "pdf"]
Language = Literal["es", "en", "fr"]


class LetterheadIn(Strict):
    """What the caller's office prints over its letters from now on, its `number`-th."""

    client_id: UUID
    number: Annotated[int, Field(ge=1, lt=2**31)]
    body: Annotated[B64u, Field(max_length=limits.LETTERHEAD_BYTES * 4 // 3 + 4)]
    signature: Annotated[B64u, Field(max_length=86)]


class LetterheadOut(Schema):
    """A letterhead with all that a browser checks before it prints it."""

    id: UUID
    office: UUID
    number: int
    person: UUID
    device: UUID
    at: datetime
    body: str
    signature: str


class LetterheadsOut(Schema):
    """Those that count in the caller's State; `own` is the caller's office."""

    own: UUID | None
    letterheads: list[LetterheadOut]


class FileMade(Strict):
    """One file: SHA-256 (base64url) of a salt and of the file's digest."""

    kind: Kind
    language: Language
    commitment: Annotated[B64u, Field(max_length=43)]


class MakingIn(Strict):
    """Documents that the caller's browser made of a version, signed (`statements.Made`)."""

    client_id: UUID
    version: Annotated[int, Field(ge=1, lt=2**31)]
    letterhead: UUID | None
    template: Digest
    files: Annotated[list[FileMade], Field(min_length=1, max_length=limits.FILES)]
    recipients: Annotated[list[UUID], Field(min_length=1, max_length=limits.RECIPIENTS)]
    signature: Annotated[B64u, Field(max_length=86)]


class MakingOut(Schema):
    """Documents that were made, with all that a reader's browser checks."""

    id: UUID
    version: int
    person: UUID
    device: UUID
    at: datetime
    letterhead: UUID | None
    letterhead_digest: str
    template: str
    files: list[FileMade]
    recipients: list[UUID]
    signature: str
