"""The wire forms of requests on their way: what was done to them, by whom, what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict

from ..codes import Declined
from ..states import Act
from . import (
    B64u,
    Code,
    Count,
    Day,
    DayOrNone,
    Disclosed,
    Hash,
    HashOrNone,
    Moment,
    Name,
    PriorContactOut,
)

Choice = Annotated[str, Field(pattern=r"^[a-z-]{0,24}$")]


class SaidIn(Strict):
    """
    What a move says besides its act (`codes.Said`): codes, days and hashes, no words.

    Which of them an act needs or may have is `codes.ASKS`; what is not said is empty.
    """

    channel: Annotated[str, Field(pattern=r"^[a-z]{0,16}$")] = ""
    language: Annotated[str, Field(pattern=r"^([a-z]{2})?$")] = ""
    agreed: bool = False
    codes: Annotated[list[Code], Field(max_length=20)] = []
    rules: Annotated[list[Name], Field(max_length=200)] = []
    measures: Annotated[list[Count], Field(max_length=60)] = []
    evidence: Annotated[list[Hash], Field(max_length=500)] = []
    conditions: Annotated[list[Code], Field(max_length=10)] = []
    consulted: bool = False
    due: DayOrNone = ""
    proof: HashOrNone = ""
    keep_until: DayOrNone = ""
    terms: Choice = ""
    lapsed: Choice = ""
    rests_on: DayOrNone = ""
    power: Choice = ""
    assets: Annotated[
        list[Annotated[str, Field(pattern=r"^[a-z]{1,16}-\d$")]], Field(max_length=8)
    ] = []


class MoveIn(Strict):
    """A move, signed: `number` is its own, counted from 1, about `version` with this `digest`."""

    client_id: UUID
    act: Act
    number: Annotated[int, Field(gt=0, lt=2**31)]
    version: Count
    digest: HashOrNone
    on: Day
    issued: Moment
    said: SaidIn
    signature: Annotated[B64u, Field(max_length=86)]


class SecondIn(Strict):
    """The second hand under the proposed step whose signed bytes have this SHA-256."""

    step: Hash
    issued: Moment
    signature: Annotated[B64u, Field(max_length=86)]


class DeclineIn(Strict):
    """Why the proposed step whose signed bytes have this SHA-256 is not confirmed."""

    step: Hash
    reason: Declined


class DossierRow(Schema):
    """
    Where a request stands, for the list; `since` is when it last moved.

    `drafter` began it: the requesting State's own to know.
    """

    id: UUID
    requesting_state: str
    requested_state: str
    stage: str
    version: int
    urgency: str | None
    deadline: str | None
    drafter: UUID | None
    since: datetime


class SecondOut(Schema):
    """The second hand under a move, with all that a browser checks (`statements.Seconded`)."""

    person: UUID
    name: str
    state: str
    device: UUID | None
    key: str
    issued: str
    signature: str


class MoveOut(Schema):
    """
    A move with all that a browser checks; `key` is the public key that signed it.

    `form` is that of what was signed: 1 from before some moves took a `second` hand, 2 from before
    more was asked of some (`statements.said_signed`). `disclosed`
    is SHA-256 (hex) of the facts that it signs for; empty in form 1, which signs for none.
    """

    number: int
    act: str
    before: str
    after: str
    person: UUID
    name: str
    state: str
    side: str
    device: UUID | None
    key: str
    at: datetime
    on: str
    issued: str
    version: int
    digest: str
    said: SaidIn
    signature: str
    form: int
    disclosed: str
    second: SecondOut | None


class ProposalOut(Schema):
    """
    A step that waits for a second hand, signed by `key`; `step` is SHA-256 of the signed bytes.

    `outcome` is empty while nobody has decided, `reason` and `decider` are of who did; `stopped`
    says that the first hand counts no more.
    """

    number: int
    act: str
    before: str
    after: str
    person: UUID
    name: str
    state: str
    side: str
    key: str
    at: datetime
    on: str
    issued: str
    version: int
    digest: str
    said: SaidIn
    form: int
    signature: str
    disclosed: str
    step: str
    lapses_at: datetime
    outcome: str
    reason: str
    decider: str
    stopped: bool


class HandOut(Schema):
    """Somebody who can put the second hand under a move."""

    person: UUID
    name: str


class StepWantedOut(Schema):
    """A request that waits for a step of the caller's, where it stands, and since when."""

    request: UUID
    requesting_state: str
    requested_state: str
    stage: str
    urgent: bool
    at: datetime


class NextOut(Schema):
    """What may come next: which act, to which stage, for which State, by which roles."""

    act: str
    after: str
    side: str
    who: list[str]


class DossierOut(Schema):
    """
    A request as its parties see it: facts in codes, and what was done to it.

    `answered` and `refused` are the measures that were since it was sent, `unconfirmed_since`
    since when what left by word waits to be confirmed in writing, `may` what the reader may do now,
    `number` that of the move that comes next, `contacts` the requesting State's informal ones,
    `letters` whether the reader reads what is written about it, `home_letters` what the requesting
    State's own people write about it to each other. The requested State sees it as it was there
    last, and it alone what was proposed as the next step, and who can be the second hand (`hands`).
    """

    id: UUID
    requesting_state: str
    requested_state: str
    stage: str
    version: int
    digest: str
    disclosed: Disclosed
    answered: list[int]
    refused: list[int]
    unconfirmed_since: datetime | None
    case_closed: bool
    contacts: list[PriorContactOut]
    number: int
    moves: list[MoveOut]
    letters: bool
    home_letters: bool
    may: list[str]
    next: list[NextOut]
    proposal: ProposalOut | None
    hands: list[HandOut]
