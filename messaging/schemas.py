"""The delivery service's wire forms: HTTP bodies and socket frames."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from casehub.core.errors import BadFrame
from casehub.core.frames import parse_json
from casehub.core.http import Strict

B64u = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*$")]
Big = Annotated[int, Field(ge=0, lt=2**53)]
MLS_LIMIT = 1 << 20  # bytes of a commit, welcome or GroupInfo
PACKAGE_LIMIT = 8 * 1024
MESSAGE_LIMIT = 48 * 1024
FRAME_LIMIT = 64 * 1024


class PackagesIn(Strict):
    """Key packages to leave."""

    packages: Annotated[list[B64u], Field(max_length=60)]
    last_resort: B64u | None = None


class Stock(Schema):
    """How many key packages wait to be claimed."""

    available: int
    last_resort: bool


class ClaimIn(Strict):
    """Devices to be added."""

    devices: Annotated[list[UUID], Field(min_length=1, max_length=100)]


class Claimed(Schema):
    """One device's key package."""

    device: UUID
    package: str


class ClaimOut(Schema):
    """What could be claimed, and what could not."""

    packages: list[Claimed]
    missing: list[UUID]


class StartIn(Strict):
    """The first GroupInfo of a circle's group."""

    client_id: UUID
    group_info: B64u


class CommitIn(Strict):
    """A commit, the welcome for those it adds, and the next epoch's GroupInfo."""

    client_id: UUID
    epoch: Big
    commit: B64u
    welcome: B64u | None = None
    group_info: B64u


class MovedOut(Schema):
    """Where a group stands after a commit."""

    seq: int
    epoch: int
    chain: str


class LeafOut(Schema):
    """A leaf of the roster."""

    leaf: int
    device: UUID
    person: UUID


class EntitledOut(Schema):
    """A person who may read, and their devices in force."""

    person: UUID
    devices: list[UUID]


class ThreadState(Schema):
    """A thread's epoch, roster and readers; `acknowledged` is the caller's device's own cursor."""

    started: bool
    epoch: int
    head: int
    acknowledged: int
    roster: list[LeafOut]
    entitled: list[EntitledOut]


class ThreadStateOf(ThreadState):
    """The state of one of several threads."""

    thread: UUID


class ThreadStates(Schema):
    """States of threads that the caller reads, by id; `more`: there are others after these."""

    threads: list[ThreadStateOf]
    more: bool


class EntryOut(Schema):
    """One entry of a thread's log."""

    seq: int
    kind: Literal["commit", "message"]
    epoch: int
    device: str
    id: str
    at: str
    body: str
    chain: str


class LogOut(Schema):
    """Contiguous entries, and the newest `seq` there is."""

    head: int
    entries: list[EntryOut]


class WelcomeOut(Schema):
    """A welcome that waits."""

    id: UUID
    thread: UUID
    seq: int
    chain: str
    welcome: str


class GroupInfoOut(Schema):
    """A group's public state, and where in the log it stands."""

    group_info: str
    epoch: int
    seq: int
    chain: str


class AttachmentIn(Strict):
    """A file to come: its uploader's own id for it, and its padded size in bytes."""

    id: UUID
    size: Big


class UploadOut(Schema):
    """How an upload stands, and which of its pieces are missing, counted from 0."""

    size: int
    completed: bool
    missing: list[int]


class CompleteIn(Strict):
    """What the uploader made of the digests of their pieces."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class AttachmentOut(Schema):
    """How many padded bytes a file has."""

    size: int


class _Frame(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PostFrame(_Frame):
    """Store a message."""

    type: Literal["post"]
    thread: UUID
    epoch: Big
    id: UUID
    body: Annotated[B64u, Field(max_length=MESSAGE_LIMIT * 4 // 3 + 4)]


class AckFrame(_Frame):
    """The device has durably processed the thread up to `seq`."""

    type: Literal["ack"]
    thread: UUID
    seq: Big


class ReadFrame(_Frame):
    """The person has read the thread up to `seq`."""

    type: Literal["read"]
    thread: UUID
    seq: Big


class UnreadFrame(_Frame):
    """The person keeps the thread as unread from `seq` on, until they read it again."""

    type: Literal["unread"]
    thread: UUID
    seq: Annotated[int, Field(ge=1, lt=2**53)]


class TypingFrame(_Frame):
    """The person writes something in the thread just now; those who read it there are told."""

    type: Literal["typing"]
    thread: UUID


class PingFrame(_Frame):
    """Ask whether anybody is there."""

    type: Literal["ping"]


Command = PostFrame | AckFrame | ReadFrame | UnreadFrame | TypingFrame | PingFrame
_commands: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="type")])


def parse_command(text: str) -> Command:
    """
    Read one socket frame.

    :raises BadFrame: if it is not one of the six commands, exactly; the values are not repeated.
    """
    value = parse_json(text, limit=FRAME_LIMIT)
    try:
        return _commands.validate_python(value, strict=False)
    except ValidationError as error:
        fields = [".".join(map(str, item["loc"])) for item in error.errors()[:5]]
        raise BadFrame(fields=fields) from error


def socket_schema() -> dict[str, Any]:
    """Return the JSON Schema of what a client may send (docs/reference/socket.json)."""
    return _commands.json_schema()
