"""How far the log is behind, and how serious that is: what queries, policies and doors share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """How serious a finding is: `amber` needs a look today, `red` somebody now."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What is not done yet, each by when the oldest event it is true of was queued; None if of none.

    `waiting` counts events without a place, up to `most`, the bound beyond which none are taken.
    All times are the database's, `at` among them: how long something takes is the difference of two
    readings of one clock, and no act's own date is one of them.
    """

    waiting: int
    most: int
    at: datetime
    unplaced_since: datetime | None
    unsigned_since: datetime | None
    unpublished_since: datetime | None

    @property
    def oldest(self) -> datetime | None:
        """When the oldest event was queued that nobody outside can check yet."""
        since = (self.unplaced_since, self.unsigned_since, self.unpublished_since)
        return min((at for at in since if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Strays:
    """
    Rows that no program of ours leaves behind, by number; one of them can stop the signing.

    `entries` and `tiles` lie beyond their log's size; `places` are queued events that have an entry
    already, or do not exist.
    """

    entries: int
    tiles: int
    places: int

    def __bool__(self) -> bool:
        """Say whether there are any."""
        return bool(self.entries or self.tiles or self.places)


@dataclass(frozen=True, slots=True)
class WitnessSeen:
    """A witness under one log: when it last cosigned, and the code of what is wrong with it."""

    log: str
    name: str
    seen_at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that is not as it should be.

    `subject` is a log's or witness's name, or empty; `since` and `count` are None where they say
    nothing. Nothing in it is about a person.
    """

    code: str
    level: Level
    subject: str = ""
    since: datetime | None = None
    count: int | None = None
