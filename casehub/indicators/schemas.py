"""The wire forms of the indicators."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict


class QuarterIn(Strict):
    """A calendar quarter in UTC."""

    quarter: Annotated[str, Field(pattern=r"^20\d\d-Q[1-4]$")]


class CountsOut(Schema):
    """Lives by cell; null where a number is not told. `whole` is their sum."""

    code: str
    cells: dict[str, int | None]
    whole: int | None


class GroupOut(Schema):
    """Times of one group in seconds, null where they are not told; `""` is all groups."""

    name: str
    count: int | None
    median: int | None
    ninth: int | None


class TimesOut(Schema):
    """How long something took."""

    code: str
    groups: list[GroupOut]


class IndicatorsOut(Schema):
    """
    A quarter's indicators of a State, or of the region (`""`).

    `unrecorded` are codes of rows whose acts the log does not hold yet: they have no numbers.
    `incomplete`: events up to the quarter's end cannot be read any more, and are missing in these.
    """

    quarter: str
    state: str
    least: int
    ninth_least: int
    counts: list[CountsOut]
    times: list[TimesOut]
    unrecorded: list[str]
    incomplete: bool
