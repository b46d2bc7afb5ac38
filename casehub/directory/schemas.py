"""The directory's wire forms."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict


class SignatureIn(Strict):
    """A signature: base64url of a 32-byte key and of 64 bytes."""

    key: str
    signature: str


class StatementIn(Strict):
    """A signed statement; `body` is base64url of RFC 8785 bytes."""

    type: str
    body: str
    signatures: Annotated[list[SignatureIn], Field(max_length=8)]


class DeviceIn(Strict):
    """A device to register."""

    statement: StatementIn


class DeviceChoice(Strict):
    """A device to work as."""

    device: UUID


class DeviceId(Schema):
    """A device's id."""

    device: UUID


class OwnDevice(Schema):
    """One of the caller's devices."""

    id: UUID
    added_at: datetime
    revoked: bool


class Names(Schema):
    """A name in the three languages."""

    es: str
    en: str
    fr: str


class StateOut(Schema):
    """A State."""

    code: str
    name: Names


class CardOut(Schema):
    """A directory card, as every signed-in person may see it."""

    id: UUID
    name: str
    state: str
    office: str
    post: str
    roles: list[str]
    languages: list[str]
    valid_until: datetime
    fictional: bool


class SignatureOut(Schema):
    """A signature and the key it is by, in base64url."""

    key: str
    signature: str


class StatementOut(Schema):
    """A statement on the wire."""

    type: str
    body: str
    signatures: list[SignatureOut]


class DirectoryEntry(Schema):
    """
    One entry of the directory's log: salt and canonical bytes of its event, in base64url.

    Both are null for an entry about the log itself. `statement` is what was signed, if the event
    is of a statement.
    """

    index: int
    salt: str | None
    payload: str | None
    statement: StatementOut | None


class DirectoryPage(Schema):
    """Entries of the directory's log without a gap, and how many are signed."""

    size: int
    entries: list[DirectoryEntry]
