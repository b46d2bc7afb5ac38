"""What the routes take and give. Unknown fields are refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict


class Nothing(Strict):
    """An empty body."""


class PasswordIn(Strict):
    """The first step."""

    account: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=512)]


class CodeIn(Strict):
    """Six digits, or a recovery code in groups."""

    code: Annotated[str, Field(pattern=r"^([0-9]{6}|[0-9A-Za-z]{4}(-?[0-9A-Za-z]{4}){3})$")]


class SixDigitsIn(Strict):
    """A code of a code generator."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class CredentialIn(Strict):
    """An AuthenticationResponseJSON of Web Authentication."""

    credential: dict[str, Any]


class PasskeyIn(Strict):
    """A RegistrationResponseJSON of Web Authentication, and what the person calls it."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    credential: dict[str, Any]


class InstallIn(Strict):
    """The id that a browser keeps for its local store."""

    install: UUID


class PersonOut(Schema):
    """Who is signed in."""

    id: UUID
    name: str
    state: str
    office: str
    roles: list[str]
    fictional: bool


class CutOffOut(Schema):
    """What was stopped: this session's person, device or State; of a State's no time is told."""

    kind: Literal["suspended", "removed", "device", "state"]
    at: datetime | None


class SessionOut(Schema):
    """
    The state of the caller's session.

    `reads_until` is set once their designation is over: until then they read their cases, no more.
    """

    state: Literal["anonymous", "password", "full"]
    cut_off: CutOffOut | None
    demo: bool
    operator: str
    person: PersonOut | None
    reads_until: datetime | None
    device: UUID | None
    factors: list[Literal["passkey", "totp"]]
    idle_seconds: int
    idle_left: int | None
    ends_at: datetime | None


class OptionsOut(Schema):
    """Options for `navigator.credentials`, in Web Authentication's JSON form."""

    options: dict[str, Any]


class PasskeyOut(Schema):
    """One passkey."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


class FactorsOut(Schema):
    """The caller's second factors."""

    passkeys: list[PasskeyOut]
    totp: bool
    totp_since: datetime | None
    totp_allowed: bool
    recovery_codes_left: int


class TotpOfferOut(Schema):
    """A code generator to set up, shown once; `secret` is base 32, `expires_in` seconds."""

    secret: str
    uri: str
    expires_in: int


class OwnSessionOut(Schema):
    """One of the caller's sessions; `id` only names it, `device` is None without a local store."""

    id: UUID
    this: bool
    method: Literal["passkey", "totp", "recovery-code"]
    device: UUID | None
    started_at: datetime
    last_seen_at: datetime


class CodesOut(Schema):
    """Recovery codes, shown once."""

    codes: list[str]


class TicketOut(Schema):
    """A pass for one socket; `expires_in` is in seconds."""

    ticket: str
    expires_in: int


class ShareOut(Schema):
    """The server's half of a local store's key: 32 bytes, base64url."""

    share: str


class RulesIn(Strict):
    """SHA-256, in hex, of the rules of use as the person has read them."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class RulesOut(Schema):
    """Whether the present rules of use are accepted, and since when."""

    accepted_at: datetime | None


class BackupIn(Strict):
    """What a recovery kit seals, base64url; at most 256 KiB."""

    body: Annotated[str, Field(min_length=1, max_length=349_526)]
    # SHA-256 in hex of what the browser has merged into it; empty if there was nothing.
    replaces: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
    # Of the kit that sealed it.
    mark: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class BackupOut(Schema):
    """The newest backup, base64url; empty and without a time if there is none."""

    body: str
    made_at: datetime | None


class BackupKeptOut(Schema):
    """When the newest backup was made."""

    made_at: datetime


class KitIn(Strict):
    """What tells one recovery kit from another, in hex: HKDF-SHA256 of what it seals with."""

    mark: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class KitProofIn(Strict):
    """SHA-256, in hex, of the sealed backup that the kit has opened in the browser."""

    backup: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class KitOut(Schema):
    """When the newest backup was made, and on which day (UTC) the kit was last proven."""

    kept_at: datetime | None
    proven_on: date | None
