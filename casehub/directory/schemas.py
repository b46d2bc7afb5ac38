"""The directory's wire forms."""

from __future__ import annotations

from datetime import datetime
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


StopKind = Literal["suspended", "removed", "device", "state"]


class StoppedOut(Schema):
    """That somebody's access is stopped: since when, and until when a signature is awaited."""

    kind: StopKind
    at: datetime
    signed: bool
    sign_by: datetime | None


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
    stopped: StoppedOut | None


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


class StopIn(Strict):
    """A stop: why, by code, if one says so now, and the signed statement if one holds a key."""

    reason: Annotated[str, Field(max_length=24)] = ""
    statement: StatementIn | None = None


class StateStopIn(Strict):
    """Which stop of a State is confirmed or lifted, and the signed statement of that."""

    stop: UUID
    statement: StatementIn | None = None


class StopOut(StoppedOut):
    """A stop as it holds; `coordinators_left` of the person's State, where it is a person's."""

    id: UUID
    reason: str
    coordinators_left: int | None = None


class StateStopOut(StoppedOut):
    """A State's stop, for those who may confirm or lift it."""

    id: UUID
    by: UUID
    reason: str
    confirmed: bool
    lifts_at: datetime | None
    lift_by: UUID | None
    lift_at: datetime | None


class StateOfAccess(Schema):
    """How access of a State stands."""

    code: str
    stop: StateStopOut | None
