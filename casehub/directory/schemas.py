"""The directory's wire forms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field

from casehub.core.http import Strict
from casehub.core.lines import require_line

Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
# As a statement takes it: an office's name is the agency of those who are designated in it.
Name = Annotated[str, Field(min_length=1, max_length=160), AfterValidator(require_line)]


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
    retired: bool


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


StopKind = Literal["suspended", "removed", "device", "state"]


class StoppedOut(Schema):
    """That somebody's access is stopped: since when, and until when a signature is awaited."""

    kind: StopKind
    at: datetime
    signed: bool
    sign_by: datetime | None


class HoursOut(Schema):
    """Working hours on the clocks of a post: IANA zone, ISO weekdays, `08:00`."""

    zone: str
    days: list[int]
    opens: str
    closes: str


class CardOut(Schema):
    """
    A directory card, as far as the caller is told: `status`, `post`, `card` or `own`.

    What they are not told is blank, as if it were not there. `functions` are `focal-point` and
    `signatory`, of liaisons and coordinators. `telephone` is the public one of the
    office; empty: none is known.
    """

    id: UUID
    told: Literal["status", "post", "card", "own"]
    status: Literal["in-force", "suspended", "expired", "closed"]
    name: str
    state: str
    office: str
    office_id: UUID | None
    telephone: str
    post: str
    roles: list[str]
    functions: list[str]
    languages: list[str]
    scope: list[str]
    valid_until: datetime | None
    hours: HoursOut | None
    duty: bool
    contact: bool | None
    fictional: bool
    stopped: StoppedOut | None


class Printed(Schema):
    """When a page was printed, as the log has it."""

    at: datetime


class ChangeOut(Schema):
    """What an entry said before."""

    what: str
    at: datetime
    by: UUID | None
    was: dict[str, str | None]


class OpeningOut(Schema):
    """Who was shown the caller's contact."""

    by: str
    state: str
    case: UUID | None
    at: datetime


class OpenedCard(Schema):
    """A card looked at, with what only its State and its person know."""

    card: CardOut
    changes: list[ChangeOut]
    openings: list[OpeningOut]


class HoursIn(Strict):
    """Working hours."""

    zone: Annotated[str, Field(max_length=40)]
    days: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
    opens: Clock
    closes: Clock


class ContactIn(Strict):
    """How somebody is reached: kept sealed."""

    phone: Annotated[str, Field(min_length=1, max_length=40)]
    note: Annotated[str, Field(max_length=200)]
    duty: bool


class CaseChoice(Strict):
    """Within which case, if any."""

    case: UUID | None


class ContactOut(Schema):
    """How somebody is reached, and when they said so."""

    phone: str
    note: str
    duty: bool
    at: datetime


class CompetenceOut(Schema):
    """For which instrument (empty: any other) an office is central authority, and since when."""

    id: UUID
    instrument: str
    since: date
    until: date | None
    source: str
    confidence: str


class OfficeCard(Schema):
    """An office; what it was before is told to its own State."""

    id: UUID
    state: str
    kind: str
    name: str
    telephone: str
    competences: list[CompetenceOut]
    changes: list[ChangeOut]


class OfficeIn(Strict):
    """An office of the caller's State."""

    kind: Literal["prosecution", "specialised-unit", "ministry", "central", "supervision"]
    name: Name
    telephone: Annotated[str, Field(max_length=40)]


class CompetenceIn(Strict):
    """A central authority to enter."""

    instrument: Annotated[str, Field(max_length=40)]
    since: date
    source: Annotated[str, Field(min_length=1, max_length=300)]
    confidence: Literal["high", "medium", "low"]


class CompetenceEnd(Strict):
    """The first day on which it counts no longer."""

    until: date


class FigureOut(Schema):
    """How many people in force a State has."""

    state: str
    people: int


class SignatureOut(Schema):
    """A signature and the key it is by, in base64url."""

    key: str
    signature: str


class StatementOut(Schema):
    """A statement on the wire."""

    type: str
    body: str
    signatures: list[SignatureOut]


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
    # Until when the first word counts; `lift_void` says why it does not any more: `too-old`,
    # `signer-gone`.
    lift_until: datetime | None
    lift_void: str | None
    statement: StatementOut | None
    lift: StatementOut | None


class StateOfAccess(Schema):
    """How access of a State stands."""

    code: str
    stop: StateStopOut | None


class NoticeId(Schema):
    """A notice's id."""

    notice: UUID


class NoticesTaken(Schema):
    """Of how many notices a State took note at once."""

    count: int


class AnswerOfState(Schema):
    """That a State has taken note."""

    state: str
    at: datetime


class StateNoticeOut(Schema):
    """
    What all States were told of one.

    `acknowledged_at` is the caller's State's own. `answers` of all, and who is `late` after 72
    hours, are told to the State that the notice is about.
    """

    id: UUID
    kind: str
    state: str
    person: UUID | None
    name: str
    post: str
    until: datetime | None
    urgent: bool
    changed: list[str]
    at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    overdue: bool
    answers: list[AnswerOfState]
    late: list[str]


class DirectoryEntryOut(Schema):
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
    entries: list[DirectoryEntryOut]
