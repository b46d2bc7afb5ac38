"""What the checker looks at: rows, events, what clients were told and what processes said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Violation:
    """One rule that does not hold: its number, what is wrong, and where."""

    rule: str
    what: str
    where: str

    def __str__(self) -> str:
        return f"{self.rule} {self.where}: {self.what}"


@dataclass(frozen=True)
class Entry:
    """A row of a thread's log."""

    group: str
    seq: int
    kind: int
    epoch: int
    device: str
    person: str  # whose the device is
    client_id: str
    body: bytes
    chain: bytes
    at: datetime
    event: int


@dataclass(frozen=True)
class Reading:
    """That a person reads a circle, from when until when."""

    circle: str
    person: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Move:
    """A step of a request."""

    request: str
    number: int
    act: str
    before: str
    after: str
    side: str
    event: int


@dataclass
class Stored:
    """What the database holds."""

    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)  # by group: seq and chain
    entries: list[Entry] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)  # circles of that kind
    #  by client id: the cases that were opened under it
    cases: dict[str, list[str]] = field(default_factory=dict)
    openings: dict[str, int] = field(default_factory=dict)  # by case: the event of its opening
    events: dict[int, str] = field(default_factory=dict)  # kind by id
    #  by table, the events that its rows lean on
    acts: dict[str, list[int]] = field(default_factory=dict)
    #  places in the log of acts, by event
    placed: dict[int, list[int]] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)
    published: int = 0  # size of the log of acts that witnesses have cosigned


@dataclass
class Told:
    """What one client was told, and what it has when asked anew."""

    who: str
    person: str
    #  messages as events, in the order in which they came: thread, seq, id, text
    messages: list[tuple[str, int, str, str]] = field(default_factory=list)
    intended: dict[str, str] = field(default_factory=dict)  # text by id, of what it sent
    accepted: dict[str, int] = field(default_factory=dict)  # seq by id, as it was told
    failed: dict[str, str] = field(default_factory=dict)  # code by id
    #  the same messages as its store has them, and the threads that it lists
    kept: list[tuple[str, int, str, str]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    alarms: list[str] = field(default_factory=list)


@dataclass
class World:
    """Everything that is looked at after one trial."""

    stored: Stored
    told: list[Told]
    thread: str
    opened: dict[str, str] = field(default_factory=dict)  # case by client id, as acknowledged
    verified: str = ""  # what `audit verify` said
    watched: list[dict[str, Any]] = field(default_factory=list)  # what the log's watcher said
    watcher: int = 0  # with which code it ended
    sizes: list[tuple[str, int, int]] = field(default_factory=list)  # a log, before and after
    unsigned_seconds: float = 0.0  # the age of the oldest event that is not signed
    hits: list[str] = field(default_factory=list)  # where somebody's words were found in the open
    #  what is counted of the servers before and after
    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    #  lines by process, since the last look
    said: dict[str, list[str]] = field(default_factory=dict)
    declared: tuple[str, ...] = ()  # expressions of what this fault makes processes say
