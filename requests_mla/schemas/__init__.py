"""The wire forms of requests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field

from casehub.cases.schemas import HoldOut
from casehub.core.http import Strict
from casehub.directory import statements
from casehub.notes.limits import MOST_PEOPLE

from .. import limits
from ..codes import Answer, Question

BODY_LIMIT = limits.VERSION_BYTES
B64u = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
State = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
StateOrNone = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
NameOrNone = Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9_.-]{0,63})?$")]
Count = Annotated[int, Field(ge=0, lt=2**31)]


def _is_a_day(text: str) -> str:
    if text:
        date.fromisoformat(text)
    return text


Day = Annotated[str, Field(pattern=r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_is_a_day)]
DayOrNone = Annotated[
    str, Field(pattern=r"^([1-9][0-9]{3}-[0-9]{2}-[0-9]{2})?$"), AfterValidator(_is_a_day)
]


def _is_a_moment(text: str) -> str:
    try:
        statements.instant(text)
    except statements.ChainBroken as error:
        raise ValueError("not a moment") from error
    return text


Moment = Annotated[str, Field(pattern=r"^[0-9-]{10}T[0-9:]{8}Z$"), AfterValidator(_is_a_moment)]


class Disclosed(Strict):
    """
    All that the server learns of a draft's content, so that it can apply the rules that need it.

    An empty text: not answered yet; null: marked unknown. `measures` has one entry a measure asked
    for, so a type may come twice, `instruments` one a legal basis. Whether States, types,
    instruments and level are known is the rulebook's to say (`policies.flaws_of`).
    """

    requesting_state: State
    requested_state: StateOrNone
    law_date: Day
    measures: Annotated[list[NameOrNone | None], Field(max_length=60)]
    instruments: Annotated[list[NameOrNone | None], Field(max_length=60)]
    urgency: NameOrNone | None
    deadline: DayOrNone | None


class RequestIn(Strict):
    """A request to begin in a case; the caller always reads its draft."""

    client_id: UUID
    case: UUID
    people: Annotated[list[UUID], Field(max_length=150)]
    requested_state: StateOrNone


class TurnIn(Strict):
    """The editing turn, wanted."""

    client_id: UUID


class VersionIn(Strict):
    """A version to store, made from version `base` (0: from nothing)."""

    client_id: UUID
    base: Count
    body: Annotated[B64u, Field(max_length=BODY_LIMIT * 4 // 3 + 4)]
    disclosed: Disclosed


class AttestationIn(Strict):
    """What screening a version gave, signed by the caller's device (`statements.Screened`)."""

    client_id: UUID
    version: Count
    rulebook: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    commitment: Annotated[B64u, Field(max_length=43)]
    results: Annotated[B64u, Field(max_length=43)]
    signature: Annotated[B64u, Field(max_length=86)]
    overridden: Annotated[list[Name], Field(max_length=200)]
    ready: bool


class DrafterIn(Strict):
    """A person of the case, of the requesting State, to let into a draft."""

    client_id: UUID
    person: UUID


Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
HashOrNone = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,32}$")]


class OpinionAskIn(Strict):
    """What focal points of the requested State are asked about a version; the rest is encrypted."""

    client_id: UUID
    version: Annotated[int, Field(gt=0, lt=2**31)]
    digest: Hash
    people: Annotated[list[UUID], Field(min_length=1, max_length=MOST_PEOPLE)]
    questions: Annotated[list[Question], Field(min_length=1, max_length=8)]


class OpinionEndIn(Strict):
    """Which consultation is gone on from without an answer."""

    consultation: UUID


class OpinionIn(Strict):
    """An answer: its outcome, and the id of the signed message in the circle that says the rest."""

    answer: UUID
    outcome: Answer


class PriorContactOut(Schema):
    """
    That the requested State was asked informally; `outcome` is empty while it waits.

    What was said in it is in no dossier, and binds nobody.
    """

    state: str
    asked_at: datetime
    due: datetime
    outcome: str
    ended_at: datetime | None


class InformalContactOut(PriorContactOut):
    """
    An informal contact as the asking State's central authority learns of it.

    `request` stands once it has come to it; `withdrawn` is the code by which it was given up, empty
    where it was not.
    """

    request: UUID | None
    withdrawn: str


class OpinionOut(PriorContactOut):
    """A consultation as the readers of the draft see it; `answer` is the message that answers."""

    id: UUID
    circle: UUID
    asker: UUID
    version: int
    digest: str
    questions: list[str]
    urgent: bool
    answerer: UUID | None
    answer: UUID | None


class OpinionCircleOut(OpinionOut):
    """
    A consultation in its circle; `request` and `case` are the asking State's to know.

    It is kept as the case of the request. `hold` is of the reader's State; its `lift` may have
    lapsed.
    """

    request: UUID | None
    case: UUID | None
    asker_state: str
    people: list[UUID]
    closed_at: datetime | None
    delete_at: datetime | None
    retention: str
    hold: HoldOut | None


class TurnOut(Schema):
    """Who has the editing turn, and until when if they do not renew it."""

    person: UUID
    until: datetime


class AttestedOut(Schema):
    """The newest attestation: of which version, by which rulebook, whose."""

    version: int
    rulebook: str
    person: UUID
    at: datetime


class RequestOut(Schema):
    """
    A request as the readers of its draft see it.

    `came_back`: its State's signatory or the other State sent it back; no step was signed since.
    """

    id: UUID
    case: UUID
    circle: UUID
    requesting_state: str
    requested_state: str
    stage: str
    came_back: bool
    disclosed: Disclosed
    version: int
    drafter: UUID
    people: list[UUID]
    opened_at: datetime
    saved_at: datetime | None
    turn: TurnOut | None
    attested: AttestedOut | None
    consultations: list[OpinionOut]


class VersionRow(Schema):
    """A version without its body; `size` in bytes and `digest` (SHA-256) are of the ciphertext."""

    version: int
    at: datetime
    person: UUID
    device: UUID
    size: int
    digest: str


class VersionOut(VersionRow):
    """A version with its ciphertext."""

    body: str


class AttestationOut(AttestedOut):
    """An attestation with all that a reader's browser checks."""

    device: UUID
    commitment: str
    results: str
    disclosed: str
    signature: str
    overridden: list[str]
    ready: bool
