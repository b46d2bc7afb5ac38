"""The wire forms of encrypted files that go with letters."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class EnclosureIn(Strict):
    """A file to upload: its padded size in bytes, under its uploader's own id."""

    id: UUID
    size: Annotated[int, Field(ge=1, lt=2**53)]


class EnclosedIn(Strict):
    """What the uploader made of the pieces of a file (docs/files.md)."""

    digest: Digest


class EnclosingOut(Schema):
    """How an upload stands; `missing` are the pieces that are not there, counted from 0."""

    size: int
    completed: bool
    missing: list[int]


class EnclosureSizeOut(Schema):
    """A file that was opened: its padded size in bytes."""

    size: int
