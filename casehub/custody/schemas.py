"""The wire forms of exports for a court."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict

from . import limits
from .policies import CourtStep

Big = Annotated[int, Field(ge=0, lt=2**53)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, Field(pattern=r"^20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
B64u = r"^[A-Za-z0-9_-]*$"
Reason = Literal["not-needed", "too-much", "talk-first", "other"]


class SealedKeyIn(Strict):
    """The key of a sealed wish, sealed to one device."""

    device: UUID
    key: Annotated[str, Field(pattern=B64u, max_length=limits.MOST_KEY * 4 // 3 + 3)]


class WishIn(Strict):
    """
    A wish: which entries, the digest of what was signed, and that sealed to whom it asks.

    `at` is when it was signed by the device's clock, as it stands in it.
    """

    client_id: UUID
    first: Big
    last: Big
    wish: Digest
    at: Moment
    foreign: bool
    box: Annotated[str, Field(pattern=B64u, max_length=limits.MOST_BOX * 4 // 3 + 3)]
    keys: Annotated[list[SealedKeyIn], Field(max_length=limits.MOST_DEVICES)]


class ConsentIn(Strict):
    """The wish that was looked at, when by the device's clock, and the device's signature."""

    wish: Digest
    at: Moment
    signature: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86}$")]


class RefusalIn(Strict):
    """The wish that was looked at, and why not, by a reason's code."""

    wish: Digest
    reason: Reason


class MadeIn(Strict):
    """SHA-256 of the bundle's list of files, and of the PDF in it."""

    bundle: Digest
    pdf: Digest


class ConsentOut(Schema):
    """Who consented, with which device, when by its clock, and the signature."""

    person: UUID
    device: UUID
    at: str
    signature: str


class CourtExportOut(Schema):
    """
    An export: which entries, how far it came.

    `circle` is null for whoever does not read it; `box` and `key` are for a device that the wish
    was sealed to, `client_id` and `consent` for those whom they concern.
    """

    id: UUID
    client_id: UUID | None
    circle: UUID | None
    person: UUID
    state: str
    first: int
    last: int
    messages: int
    foreign: bool
    wish: str
    step: CourtStep
    asked_at: datetime
    lapses_at: datetime
    consent: ConsentOut | None
    refused_at: datetime | None
    reason: str
    made_at: datetime | None
    bundle: str
    pdf: str
    box: str | None
    key: str | None


class ProofOut(Schema):
    """An act's event, opened, and its place in the log: as `ReceiptOut` of one's own acts."""

    event: int
    salt: str | None
    payload: str | None
    leaf: str
    log: str
    proof: str | None


class EntryProofOut(ProofOut):
    """The same of an entry of the thread."""

    seq: int


class ProofsOut(Schema):
    """Of the wish, the consent and the making, and of the next entries of the range."""

    asked: ProofOut | None
    agreed: ProofOut | None
    made: ProofOut | None
    entries: list[EntryProofOut]
