"""The wire forms of the daily e-mail's setting."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict

from . import limits

Often = Literal["never", "daily", "weekdays"]
Language = Literal["es", "en", "fr"]


class DigestIn(Strict):
    """How often, at which hour of an IANA zone, in which language, where to; kept sealed."""

    often: Often
    hour: Annotated[int, Field(ge=0, le=23)]
    zone: Annotated[str, Field(min_length=1, max_length=40)]
    language: Language
    address: Annotated[str, Field(max_length=limits.ADDRESS)]


class DigestOut(Schema):
    """
    One's own setting. `able`: this server sends e-mail; `folder`: the demo's, which keeps it.

    `failed`: the day of the last e-mail that did not go, if none went since.
    """

    often: Often
    hour: int
    zone: str
    language: Language | None
    address: str
    able: bool
    folder: str
    sent_on: date | None
    failed_on: date | None
