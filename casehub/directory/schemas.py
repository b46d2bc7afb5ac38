"""The directory's wire forms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
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


class DeviceAskIn(Strict):
    """A browser's public keys, base64url of 32 bytes each, and the id that it would have."""

    device: UUID
    signature_key: Annotated[str, Field(max_length=44)]
    history_key: Annotated[str, Field(max_length=44)]


class PeopleIn(Strict):
    """Persons whose chains are wanted."""

    people: Annotated[list[UUID], Field(max_length=200)]


class DeviceId(Schema):
    """A device's id."""

    device: UUID


class OwnDevice(Schema):
    """One of the caller's devices."""

    id: UUID
    added_at: datetime
    until: datetime
    last_seen: date | None
    revoked: bool


class DeviceRequestOut(Schema):
    """A browser that asks, or just asked, to be a device; keys are base64url of 32 bytes."""

    id: UUID
    device: UUID
    signature_key: str
    history_key: str
    asked_at: datetime
    expires_at: datetime
    answer: Literal["", "named", "refused", "replaced"]
    mine: bool


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


class Chains(Schema):
    """All statements that verify the persons asked for."""

    statements: list[StatementOut]
