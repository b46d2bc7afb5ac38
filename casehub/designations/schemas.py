"""What the routes take and give. Unknown fields are refused."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field

from casehub.core.http import Strict
from casehub.core.lines import require_line
from casehub.directory.schemas import SignatureOut, StatementIn

# As a statement takes it.
Line = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(require_line)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Functions = Annotated[list[Literal["focal-point", "signatory"]], Field(max_length=2)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Agency = Literal[
    "public-ministry", "police", "migration", "interior", "intelligence", "justice", "other"
]


class DraftIn(Strict):
    """
    Who is to be designated, for what and how long; instants with their zone, whole seconds.

    `region` is the part of the State that they work for, or null for all of it; `deputy` the person
    of the same State who stands in for them, or null.
    """

    name: Line
    post: Line
    office: UUID
    roles: Annotated[list[Code], Field(min_length=1, max_length=4)]
    functions: Functions
    languages: Annotated[list[Literal["es", "en", "fr"]], Field(min_length=1, max_length=3)]
    scope: Annotated[
        list[Literal["smuggling-of-migrants", "trafficking-in-persons"]],
        Field(min_length=1, max_length=2),
    ]
    region: Line | None = None
    deputy: UUID | None = None
    starts: AwareDatetime
    until: AwareDatetime
    urgent: bool = False


class RenewIn(DraftIn):
    """A new term of the same person; `rekey` if they are to have another identity key."""

    rekey: bool = False


class ConsultationIn(Strict):
    """Which kind of agency is asked."""

    agency: Agency


class AnswerIn(Strict):
    """What the agency answered, on which day; SHA-256 (hex) of its document, or nothing."""

    outcome: Literal["no-objection", "objection"]
    date: dt.date
    digest: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


class SignedIn(Strict):
    """A statement with the caller's signature alone."""

    statement: StatementIn


class ApprovalIn(Strict):
    """SHA-256 (hex) of the body that was shown, the caller's key, the signature over the body."""

    digest: Digest
    key: Annotated[str, Field(max_length=64)]
    signature: Annotated[str, Field(max_length=128)]


class RejectionIn(Strict):
    """Why a designation is rejected."""

    reason: Literal["objection", "wrong-data", "not-needed", "identity-doubt", "other"]


class EnrolmentIn(Strict):
    """A one-time code, as it stands on paper."""

    code: Annotated[str, Field(min_length=1, max_length=64)]


class EnrolledIn(EnrolmentIn):
    """The same code, what the browser made, and what the person calls it."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    credential: dict[str, Any]


class KeyIn(Strict):
    """A raw 32-byte public key and the 64-byte proof that its holder offers it, in base64url."""

    key: Annotated[str, Field(max_length=64)]
    proof: Annotated[str, Field(max_length=128)]


class StandingIn(Strict):
    """SHA-256 (hex) of the list that was looked through."""

    digest: Digest


class OfficialOut(Schema):
    """Somebody who did a step."""

    id: UUID
    name: str
    post: str


class NamedRef(Schema):
    """A person or an office by id and name."""

    id: UUID
    name: str


class QuietOut(Schema):
    """What was said to become of somebody who has not signed in since a moment, and when."""

    becomes: Literal["suspended", "removed"]
    at: datetime
    since: datetime


class SaidOut(Schema):
    """What was said, or done, of somebody not signed in since; 0 days: it came; `back_at`: next."""

    becomes: Literal["suspended", "removed"]
    days: int
    at: datetime
    since: datetime
    back_at: datetime | None


class NewKeyOut(Schema):
    """Another key was asked for somebody; `enrolled`: somebody has used a code for it, `at`."""

    stage: str
    at: datetime
    enrolled: bool


class RemindersOut(Schema):
    """
    What concerns the caller's own access.

    `new_key` is what their State is doing about another key for them, or null.
    `reminder` is 60, 30 or 7 days before `ends_at`, the end of their designation, or null;
    `said` is of the last year, the newest first.
    """

    ends_at: datetime
    reminder: int | None
    said: list[SaidOut]
    new_key: NewKeyOut | None


class DesignationRow(Schema):
    """
    A designation as a line of a list.

    `due_at` is when its present stage is over; `reminder` is 60, 30 or 7 days before a term's end.
    `drafts` is the role of whoever nominates it; `first`: the person's first term as a liaison.
    `region` is null for the whole State, `deputy` null for nobody. `reads_until`: the term is over,
    and its person reads on until then. `quiet`: they were warned for not signing in.
    """

    id: UUID
    person: UUID
    state: str
    stage: str
    since: datetime
    due_at: datetime | None
    overdue: bool
    name: str
    post: str
    office: NamedRef
    roles: list[str]
    functions: list[str]
    drafts: str
    languages: list[str]
    scope: list[str]
    region: str | None
    deputy: NamedRef | None
    first: bool
    starts: datetime
    until: datetime
    urgent: bool
    renews: UUID | None
    rekey: bool
    reminder: int | None
    reads_until: datetime | None
    quiet: QuietOut | None
    # In a list: the reader's own hand is under it already.
    signed: bool = False


class ConsultationOut(Schema):
    """One agency that was asked; `outcome` and `date` are empty until it has answered."""

    id: UUID
    agency: str
    asked_at: datetime
    due_at: datetime
    outcome: str
    date: str
    digest: str | None


class ObjectionOut(Schema):
    """An objection to what a draft said before: whom it named, for which roles."""

    agency: str
    date: str
    name: str
    roles: list[str]


class DesignationApproval(Schema):
    """A hand under the present body; `void` says why it counts no more: signer-gone, too-old."""

    officer: OfficialOut
    at: datetime
    key: str
    signature: str
    void: str | None


class FirstHandOut(Schema):
    """A statement that waits for a second hand: exactly `body` (base64url) is to be signed."""

    body: str
    digest: str
    signer: OfficialOut
    key: str
    signature: str
    at: datetime
    due_at: datetime


class DesignationOut(DesignationRow):
    """
    All of a designation.

    `fields` is what a nomination's body has to say besides `serial` and `issued`. Once there
    is a nomination, `body` (base64url) is what all sign, `digest` its SHA-256 in hex. `drafts` and
    `binds` name the role that does it; `hands` is how many approvals it takes. `flags` are to be
    looked at twice: same-office, same-name, objection, urgent, new-key. `passkeys_made` is when
    each passkey was made that was enrolled for this designation: whoever binds asks about them.
    """

    drafted_by: OfficialOut
    drafted_at: datetime
    nominated_by: OfficialOut | None
    nominated_at: datetime | None
    consultations: list[ConsultationOut]
    objected_before: list[ObjectionOut]
    flags: list[str]
    binds: str
    mode: str
    hands: int
    fields: dict[str, Any]
    body: str | None
    digest: str
    nomination: SignatureOut | None
    nomination_void: str | None
    approvals: list[DesignationApproval]
    approved_at: datetime | None
    statement: str
    serial: UUID | None
    code_until: datetime | None
    enrolled: bool
    passkeys: int
    passkeys_made: list[datetime]
    key: str | None
    key_at: datetime | None
    binding: FirstHandOut | None
    bound_at: datetime | None
    reason: str


class EnrolmentCodeOut(Schema):
    """A one-time code in groups, shown this once, and until when it counts."""

    code: str
    until: datetime


class InvitationOut(Schema):
    """The designation that a code is for, and options for `navigator.credentials.create`."""

    name: str
    post: str
    office: str
    state: str
    roles: list[str]
    until: datetime
    options: dict[str, Any]


class EnrolmentOut(Schema):
    """
    How far the caller's own enrolment has come.

    `telephone` is the public one of whoever hears the six words; empty: none is known.
    What `POST /enrolment/key` proves is signed over `casehub/identity-key/1`, NUL and the canonical
    JSON of {v: 1, designation: serial, person, key}.
    """

    name: str
    post: str
    office: str
    state: str
    roles: list[str]
    until: datetime
    designation: UUID
    serial: UUID | None
    person: UUID
    stage: str
    due_at: datetime | None
    passkeys: int
    passkeys_wanted: int
    key: str | None
    bound_at: datetime | None
    telephone: str


class VoidHandOut(Schema):
    """A first hand that counts no more, and why: signer-gone, too-old."""

    signer: OfficialOut
    at: datetime
    why: str


class ReinstatementOut(Schema):
    """
    What a reinstatement has to say (`revokes`), and the first hand under it, if there is one.

    `void` is one that was there and counts no more: it is begun anew. `suspended_by` is null if it
    was nobody of the person's own State: the secretariat, or the clock; `reason` is a code or "".
    """

    person: UUID
    name: str
    suspended_at: datetime | None
    suspended_by: OfficialOut | None
    reason: str
    removed: bool
    revokes: str
    first: FirstHandOut | None
    void: VoidHandOut | None


class StandingLine(Schema):
    """Somebody in force, as the list to be confirmed has them."""

    id: UUID
    name: str
    post: str
    office: str
    roles: list[str]
    functions: list[str]
    until: datetime


class DirectoryStandingOut(Schema):
    """
    The list of the caller's State; `digest` is its SHA-256, `soon` the last two weeks.

    `blocked`: it has waited so long that the State comes into no new case with others, from
    `blocked_from` on.
    """

    state: str
    confirmed_at: datetime | None
    confirmed_by: str | None
    due_at: datetime | None
    soon: bool
    overdue: bool
    blocked: bool
    blocked_from: datetime | None
    people: list[StandingLine]
    digest: str
