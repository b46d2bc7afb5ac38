"""What the console's routes take and give. Unknown fields are refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict

from .. import pseudonyms
from ..asking import Asked
from .wishes import WishOut

Act = Annotated[str, Field(pattern=r"^[a-z]+(\.[a-z-]+){0,2}$", max_length=64)]
Level = Literal["ok", "note", "amber", "red"]


class FilterIn(Strict):
    """
    Which acts are looked for; what is left out is open.

    `acts` holds kinds (`cases.case.read`) or areas (`cases`). Days are those of the State's
    capital, both included.
    """

    acts: Annotated[list[Act], Field(max_length=40)] = []
    person: Annotated[str, Field(pattern=pseudonyms.PATTERN)] | None = None
    office: UUID | None = None
    case: Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{4}-\d{4,9}$")] | None = None
    since: date | None = None
    until: date | None = None
    outcome: Literal["done", "refused"] | None = None

    def meant(self) -> Asked:
        """Return it as a value."""
        return Asked(
            acts=tuple(sorted(set(self.acts))),
            person=self.person or "",
            office=str(self.office or ""),
            case=self.case or "",
            since=self.since,
            until=self.until,
            outcome=self.outcome or "",
        )


class MaskedOut(Schema):
    """A person as an auditor sees them; `name` only while two auditors have unmasked them."""

    pseudonym: str
    quarter: str
    state: str
    office: str | None
    name: str | None
    own: bool


class ThingOut(Schema):
    """
    Something that an entry names.

    `sort` is person, case, thread, draft, request, value (a code or number) or opaque (`text` is
    a mark that is the same wherever the same thing is named in a quarter).
    """

    sort: Literal["person", "case", "thread", "draft", "request", "value", "opaque"]
    text: str
    person: MaskedOut | None = None


class RowOut(Schema):
    """One entry of a page."""

    log: str
    position: int
    at: datetime
    kind: str
    outcome: Literal["done", "refused", "erased"]
    actor: MaskedOut | None
    subject: ThingOut | None
    proof: Literal["recorded", "sealed", "cosigned"]


class PageOut(Schema):
    """Part of a query; `next` leads on."""

    entries: list[RowOut]
    next: str | None


class QueryOut(PageOut):
    """
    A query that was recorded, and its first page. `count` is at most `most`.

    `unknown`: nobody had the pseudonym; `unknown_case`: no case of the caller's State has the
    reference.
    """

    query: UUID
    count: int
    most: int
    unknown: bool
    unknown_case: bool


class FieldOut(Schema):
    """A field of an act, by its name in docs/reference/events.md."""

    name: str
    values: list[ThingOut]


class CosignedOut(Schema):
    """A witness under the checkpoint that an entry is proven by."""

    witness: str
    at: datetime


class StepOut(Schema):
    """One step of the chain behind a person: what happened, when, where it stands, how often."""

    step: Literal["entered", "nominated", "approved", "designated", "bound", "devices", "cases"]
    at: datetime | None
    log: str | None
    position: int | None
    count: int


class OpenedOut(RowOut):
    """An entry opened."""

    states: list[str]
    fields: list[FieldOut]
    unread: bool
    size: int
    needed: int
    cosigned: list[CosignedOut]
    proof_text: str | None
    leaf_hash: str
    chain: list[StepOut]


class DayOut(Schema):
    """How many acts of a kind one day had."""

    day: date
    kind: str
    count: int


class HourOut(Schema):
    """How many acts one hour of the day had."""

    hour: int
    count: int


class ApprovalOut(Schema):
    """A wish and its answer: seconds in between."""

    kind: str
    log: str
    position: int
    at: datetime
    seconds: int


class AnomalyOut(Schema):
    """Something that stands out: who, when, how often; `log` and `position` of an approval."""

    sort: Literal["bulk", "night", "hasty", "refused"]
    person: MaskedOut | None
    at: datetime | None
    day: date | None
    count: int
    log: str | None
    position: int | None


class FiguresOut(Schema):
    """A query in numbers, over `since` to `until` (days of the zone, both included)."""

    since: date
    until: date
    zone: str
    days: list[DayOut]
    hours: list[HourOut]
    night: list[int]
    slowest: list[ApprovalOut]
    anomalies: list[AnomalyOut]


class ExportIn(Strict):
    """In which form."""

    format: Literal["csv", "jsonl"]


class ExportOut(Schema):
    """
    An export that was recorded: it is as the log stood at `size`.

    `tag_key` (base64) finds by itself which of the log's public entries are the State's.
    """

    export: UUID
    name: str
    log: str
    size: int
    count: int
    tag_key: str


class ChunkOut(Schema):
    """A piece of the file; `next` leads on, `entries` are in it."""

    text: str
    entries: int
    next: str | None


class ViewIn(Strict):
    """A filter to keep; what the auditor calls it stays on their device."""

    filter: FilterIn


class ViewOut(Schema):
    """A kept filter."""

    id: UUID
    filter: FilterIn
    saved_at: datetime


class UnmaskingIn(Strict):
    """Whom one wants to know by name, and why: a ground and the number of a file or decision."""

    person: Annotated[str, Field(pattern=pseudonyms.PATTERN)]
    ground: Literal["anomaly", "complaint", "court-order", "internal-inquiry"]
    reference: Annotated[str, Field(pattern=r"^[\w .:;,()/§-]{3,64}$")]


class DeferralIn(Strict):
    """Until which day of the capital a person is not told yet: by which court order, and why."""

    ground: Literal["inquiry", "public-security", "rights-of-others"]
    reference: Annotated[str, Field(pattern=r"^[\w .:;,()/§-]{3,64}$")]
    until: date


class DeferralOut(WishOut):
    """A wish to tell the person only at `until`; ground and number are empty once erased."""

    until: datetime


class UnmaskingOut(WishOut):
    """A wish to know a name; `tells_at` is when its person is told, `told_at` when they were."""

    pseudonym: str
    quarter: str
    until: datetime | None
    name: str | None
    tells_at: datetime | None
    told_at: datetime | None
    deferrals: list[DeferralOut]


class GivenNameOut(Schema):
    """
    What a person is told: auditors of `body` learnt their name on `day` (of the capital).

    They saw it beside what the person did in `quarter`. `ground` is null once it was erased.
    """

    id: UUID
    day: date
    body: str
    quarter: str
    ground: str | None
    told_at: datetime | None


class WitnessOut(Schema):
    """A witness of a log."""

    name: str
    seen_at: datetime | None
    size: int
    trouble: str
    since: datetime | None


class DisputeOut(Schema):
    """Two signed notes that no one tree can have: evidence for anybody."""

    log: str
    witness: str
    at: datetime
    theirs: str
    ours: str


class StandingOut(Schema):
    """How one log stands."""

    name: str
    origin: str
    level: Level
    reasons: list[str]
    size: int
    signed: int
    published: int
    published_at: datetime | None
    cosigned: int
    needed: int
    waiting: int
    witnesses: list[WitnessOut]


class IntegrityOut(Schema):
    """How the logs stand, as of `at`."""

    at: datetime
    level: Level
    logs: list[StandingOut]
    disputes: list[DisputeOut]


class OfficeOut(Schema):
    """An office of the auditor's State."""

    id: UUID
    name: str


class AuditOut(Schema):
    """One look of an auditor at the State's acts."""

    log: str
    position: int
    at: datetime
    kind: str
    name: str
    office: str
    state: str
    fields: list[FieldOut]


class AuditsOut(Schema):
    """Who audited the State, newest first."""

    audits: list[AuditOut]
    next: str | None


class MonthIn(Strict):
    """A calendar month in UTC: periods of one's own choice could be subtracted."""

    month: Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class CellsOut(Schema):
    """One row of a table of counts; null is a number too small to be told."""

    name: str
    cells: dict[str, int | None]


class StatisticsOut(Schema):
    """A month's counts by State: of areas of acts, and of days; of first-line notes, by step."""

    month: str
    least: int
    areas: list[CellsOut]
    days: list[CellsOut]
    notes: dict[str, int | None]
