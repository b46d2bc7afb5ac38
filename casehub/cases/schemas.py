"""The wire forms of case files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict
from casehub.directory.schemas import StoppedOut

from . import rules
from .policies import Step

Code = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Codes = Annotated[list[Code], Field(min_length=1, max_length=11)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Class = Annotated[str, Field(pattern=r"^[a-z-]{1,16}$")]
Ground = Literal["court-order", "investigation", "proceedings", "request", "complaint", "other"]
Reason = Literal["not-competent", "already-handled", "talk-first", "other"]


class CaseIn(Strict):
    """A case to open: the caller's State takes part, each other one of `states` is proposed."""

    client_id: UUID
    states: Codes
    urgent: bool = False
    retention: Class = rules.USUAL


class JoiningIn(Strict):
    """A State to propose for a case."""

    client_id: UUID
    state: Code
    urgent: bool = False


class JoiningHand(Strict):
    """A hand under a proposal: the SHA-256 (hex) of what the person was shown."""

    digest: Digest


class JoiningNo(Strict):
    """A refusal or an objection, by a reason's code."""

    reason: Reason


class JoiningOut(Schema):
    """
    Opening a case to a State: who proposed it, and what it waits for or how it ended.

    Where the reader's own hand is wanted, `wait_until` says from when it can be given: until then
    the reader (`wait_for` is `own`), or somebody in the case (`case`), was designated or given a
    new key less than a day ago.
    """

    id: UUID
    case: UUID
    reference: str
    owner_state: str
    state: str
    step: Step
    urgent: bool
    proposer: UUID
    proposed_at: datetime
    lapses_at: datetime
    consented_at: datetime | None
    objections_until: datetime | None
    wait_until: datetime | None
    wait_for: Literal["", "own", "case"]
    ended_at: datetime | None
    reason: str


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


class DeviceStoppedOut(Schema):
    """That a device was stopped, and its person was not."""

    device: UUID
    at: datetime


class MemberOut(Schema):
    """A person in a case; `devices_stopped` are theirs that were, since it was opened."""

    id: UUID
    since: datetime
    stopped: StoppedOut | None
    devices_stopped: list[DeviceStoppedOut]


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
    joinings: list[JoiningOut]
    people: list[MemberOut]
    threads: list[ThreadOut]
    drafts: list[DraftOut]


class RetentionIn(Strict):
    """A class that keeps a case longer."""

    retention: Class


class ShorteningIn(Strict):
    """A class that keeps a case less long, proposed to the State's auditor."""

    client_id: UUID
    retention: Class


class HoldIn(Strict):
    """A legal hold, on a ground of a fixed list."""

    client_id: UUID
    ground: Ground


class SecondHand(Strict):
    """A second hand: the SHA-256 (hex) of what the person was shown."""

    digest: Digest


class LiftOut(Schema):
    """That somebody of the State that set a hold wants it lifted, and waits for a second one."""

    asker: UUID
    at: datetime
    lapses_at: datetime


class HoldOut(Schema):
    """A legal hold that stands: whose, on which ground. `lift`: told to that State alone."""

    id: UUID
    circle: UUID | None
    state: str
    ground: Ground
    at: datetime
    lift: LiftOut | None


class ShorteningOut(Schema):
    """A proposal to keep a case less long, which waits for the State's auditor."""

    id: UUID
    was: str
    retention: str
    proposer: UUID
    proposed_at: datetime
    lapses_at: datetime


class KeepingOut(Schema):
    """
    How long a case is kept.

    `inside`: the reader is in it; `by_office`: they are told of it as coordination, central
    authority or auditor of a State that takes part, and see nothing else of it by that.
    `kept_until`: the latest day until which the reader's State signed, closing a request out of it,
    that it is kept. `under_way`: numbers of the requests before whose end it is not closed, told
    to whoever may close it.
    """

    case: UUID
    reference: str
    state: str
    states: list[str]
    retention: str
    opened_at: datetime
    closed_at: datetime | None
    delete_at: datetime | None
    kept_until: date | None
    erased_at: datetime | None
    inside: bool
    by_office: bool
    under_way: list[str]
    holds: list[HoldOut]
    shortening: ShorteningOut | None


class ErasedOut(Schema):
    """That what was said in a circle which the reader once read was deleted."""

    circle: UUID
    kind: Literal["case", "thread", "drafting", "note"]
    case: UUID | None
    request: UUID | None
    retention: str
    at: datetime


class ClassOut(Schema):
    """A class of retention: so many years of the calendar after a case was closed."""

    code: str
    years: int
    source: str


class RetentionOut(Schema):
    """
    The classes there are, how long the reader's cases are kept, and what was deleted.

    `notes`: holds of the reader's State on single notes, for whoever may lift them by their office.
    """

    classes: list[ClassOut]
    cases: list[KeepingOut]
    notes: list[HoldOut]
    erased: list[ErasedOut]
