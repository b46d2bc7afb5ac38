"""What a replay keeps: each record with the index of the entry that made it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ..statements import Statement


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the directory's log; most say nothing that is signed."""

    index: int
    at: datetime
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class Bound:
    """
    A person with a designation in force and a key that was vouched for.

    Before `effective` they may not be let into threads of cases of more than one State.
    """

    person: str
    state: str
    name: str
    post: str
    office: str
    agency: str
    roles: frozenset[str]
    functions: frozenset[str]
    key: bytes
    until: datetime
    effective: datetime


@dataclass(frozen=True, slots=True)
class DeviceOf:
    """A device that a bound person named: raw 32-byte keys, and the statement's serial."""

    device: str
    person: str
    state: str
    signature_key: bytes
    history_key: bytes
    serial: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Officer:
    """A ministry officer whom the root named; `key` in base64url."""

    person: str
    name: str
    post: str
    key: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Root:
    """A State's root from one entry on."""

    index: int
    at: datetime
    key: str
    approval: str


@dataclass(slots=True)
class Stop:
    """
    What stops a person or a State, and the entry that lifted it.

    `said` is when somebody last put a hand under it.
    """

    index: int
    at: datetime
    said: datetime
    digest: str
    kind: str
    #  Of a State's: the exact body, who said so, and the entry from which it holds until lifted.
    body: bytes = b""
    people: frozenset[str] = frozenset()
    confirmed: int | None = None
    lifted: int | None = None

    def lasts(self, size: int) -> bool:
        """Say whether it was made and not lifted in the first `size` entries."""
        return self.index < size and (self.lifted is None or self.lifted >= size)


@dataclass(frozen=True, slots=True)
class Mandate:
    """An officer statement that was accepted."""

    index: int
    officer: Officer
    issued: datetime


@dataclass(frozen=True, slots=True)
class Term:
    """A designation that was accepted."""

    index: int
    statement: Statement
    roles: frozenset[str]
    issued: datetime
    since: datetime
    until: datetime
    effective: datetime


@dataclass(frozen=True, slots=True)
class Binding:
    """A key that was vouched for, and whether an officer was among those who did."""

    index: int
    key: str
    designation: str  # the serial of the one in which it was vouched for
    issued: datetime
    by_officer: bool
    #  Another key than before: then a while must pass, as with somebody new.
    limited_until: datetime | None


@dataclass(frozen=True, slots=True)
class Named:
    """A device that was accepted, and the identity key that named it."""

    index: int
    statement: Statement
    key: str
    since: datetime
    until: datetime


@dataclass(slots=True)
class PersonRecord:
    """Everything accepted about one person, in the order of the log."""

    state: str
    mandates: list[Mandate] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)


@dataclass(slots=True)
class StateRecord:
    """A State that the pinned root leads to."""

    roots: list[Root] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    stops: dict[str, Stop] = field(default_factory=dict)
    #  By person, also of those who are not designated yet: a stop that comes first counts too.
    ended: dict[str, list[Stop]] = field(default_factory=dict)
    #  Of single devices, by person and device: the entries that ended them.
    ended_devices: dict[tuple[str, str], list[int]] = field(default_factory=dict)
