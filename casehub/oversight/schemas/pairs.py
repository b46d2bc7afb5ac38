"""What the region sees of two States, and what they say to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict

from .wishes import WishOut

StateCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class PairConsentIn(Strict):
    """The other State of a pair that regional auditors may see, or may not any more."""

    other: StateCode


class PairConsentOut(Schema):
    """Since when the reader's State lets a pair be seen (null: it does not); `theirs`: it does."""

    other: str
    given_at: datetime | None
    theirs: bool


class PairViewIn(Strict):
    """Which two States' acts of which quarter one wants to see, and why."""

    first: StateCode
    second: StateCode
    quarter: Annotated[str, Field(pattern=r"^20[0-9]{2}Q[1-4]$")]
    ground: Literal["anomaly", "complaint", "court-order", "internal-inquiry"]
    reference: Annotated[str, Field(pattern=r"^[\w .:;,()/§-]{3,64}$")]


class PairViewOut(WishOut):
    """A wish to see a pair; `reads`: the reader is one of the two who may, until `until`."""

    first: str
    second: str
    quarter: str
    until: datetime | None
    reads: bool
    consented: bool


class PairPageIn(Strict):
    """Behind how many acts the page begins."""

    skip: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class PairActOut(Schema):
    """
    An act that concerns both States: its day in UTC, what it was, who by pseudonym of the pair.

    `state` is that of the person, null where no person did it.
    """

    day: date
    kind: str
    outcome: Literal["done", "refused", "erased"]
    actor: str | None
    state: str | None


class PairPageOut(Schema):
    """A page, newest first; `next` is the `skip` of the following one."""

    acts: list[PairActOut]
    next: int | None
