"""From what one thing costs to what a region costs, and what of it ends first (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

GIB: Final = 1 << 30
MIB: Final = 1 << 20
HOURS: Final = 8  # of a working day
DAYS: Final = 230  # of a working year
HEARTBEAT: Final = 15.0  # seconds: messaging/switchboard.py
SWEEP: Final = 1.0  # as above
STALLED: Final = 24 * 3600.0  # seconds: audit/limits.py
QUEUE: Final = 500_000  # events that may wait for their places: CASEHUB_LOG_QUEUE
SESSION_DAYS: Final = 2  # for which a row stays: twelve hours at most, and a day after its end
RED: Final = 600.0  # seconds unsigned until the colour is red: docs/audit-log.md
LINES: Final = 4000  # connections of one process: casehub/edge/limits.py
EDGE_LINES: Final = 8192  # sockets: two workers of 8192 connections, of which each takes two
MEMORY: Final = 1024 * MIB  # of one web process: compose.yaml
DATABASE: Final = 4  # processors of PostgreSQL: as above
PATIENCE: Final = 10.0  # seconds: longer than that a page does not wait for an answer
NEAR: Final = 0.01  # people: so exactly an end is told
NOBODY: Final = 1 << 40  # more people than there are: it has no end


@dataclass(frozen=True, slots=True)
class Costs:
    """What one of each costs: bytes in the database, processor seconds of whoever works for it."""

    person_bytes: float
    thread_bytes: float
    member_bytes: float  # of a thread, with their marks
    message_bytes: float  # without its entry in the log
    entry_bytes: float
    piece_bytes: float  # in the database, of 1 MiB in the folder
    session_bytes: float  # goes again: SESSION_DAYS
    sign_in_bytes: float  # stays
    message_seconds: float  # in a transaction of its own, web and database
    web_seconds: float  # of that, the web process alone
    entry_seconds: float  # of the one that signs, and the database for it
    again_seconds: float  # of an entry, when what signs starts and reads all
    beat_seconds: float  # of a socket and a thread of its own, of each 15 s
    heads_seconds: float  # of a thread that the process hears of: its head is read, each 15 s
    look_seconds: float  # of a socket, each second
    statements: float  # of a person, in the directory's log
    change_seconds: float  # of a statement, in each web process after each further one
    known_seconds: float  # of a statement, by each question to the directory's log
    line_bytes: float  # of a web process's memory, of one socket
    base_bytes: float  # of the same, of a process to which nobody is connected


@dataclass(frozen=True, slots=True)
class Habits:
    """What one person does on a working day: nobody has measured it, it is put in by hand."""

    online: float = 0.6  # of all people, at the busiest moment
    messages: float = 40
    acts: float = 40  # other entries: what is opened, read, signed in, moved
    files: float = 5  # MiB
    sessions: float = 3
    threads: float = 20  # that a person reads
    members: float = 5  # of a thread
    peak: float = 3  # the busiest hour, in mean hours


@dataclass(frozen=True, slots=True)
class Region:
    """So many people with such habits before so many web processes."""

    people: float
    processes: int = 2
    habits: Habits = Habits()

    @property
    def sockets(self) -> float:
        """Sockets at the busiest moment."""
        return self.people * self.habits.online

    @property
    def sockets_each(self) -> float:
        """Of one web process."""
        return self.sockets / self.processes

    @property
    def threads(self) -> float:
        """Threads in which somebody may write."""
        return self.people * self.habits.threads / self.habits.members

    def a_second(self, things_a_day: float) -> float:
        """Return how many a second there are in the busiest hour, of so many a person and day."""
        return self.people * things_a_day / (HOURS * 3600) * self.habits.peak

    @property
    def entries_a_year(self) -> float:
        """Entries of one year's log."""
        return self.people * (self.habits.messages + self.habits.acts) * DAYS


def needed(region: Region, costs: Costs) -> dict[str, float]:
    """Return what a region needs, by name; bytes of a year, processors of the busiest hour."""
    habits, year = region.habits, region.people * DAYS
    standing = region.people * costs.person_bytes + region.threads * (
        costs.thread_bytes + habits.members * costs.member_bytes
    )
    grown = year * (
        habits.messages * costs.message_bytes
        + habits.files * costs.piece_bytes
        + habits.sessions * costs.sign_in_bytes
    )
    return {
        "sockets at the busiest moment": region.sockets,
        "messages a second, busiest hour": region.a_second(habits.messages),
        "entries a second, busiest hour": region.a_second(habits.messages + habits.acts),
        "entries of the log a year, millions": region.entries_a_year / 1e6,
        "people, threads and their members, GiB": standing / GIB,
        "sessions that have not gone again, GiB": region.people
        * habits.sessions
        * SESSION_DAYS
        * costs.session_bytes
        / GIB,
        "messages, files' rows, sign-ins, GiB a year": grown / GIB,
        "the log, GiB a year": region.entries_a_year * costs.entry_bytes / GIB,
        "the folder of files, GiB a year": year * habits.files * MIB / GIB,
        "processors for messages, busiest hour": region.a_second(habits.messages)
        * costs.message_seconds,
        "processors for the log's one signer and its database": region.a_second(
            habits.messages + habits.acts
        )
        * costs.entry_seconds,
        "seconds of each web process for a heartbeat, each 15 s": _beat(region, costs) * HEARTBEAT,
        "  of that to read heads": region.threads * costs.heads_seconds,
        "processors of each web process for the look each second": _look(region, costs),
        "memory of each web process, its own and its sockets', GiB": _memory(region, costs) / GIB,
        "seconds of each web process after each change of the directory": _change(region, costs),
        "hours until what signs has read a year's log": _start(region, costs) / 3600,
    }


def _beat(region: Region, costs: Costs) -> float:
    """Its sockets' threads, and the heads of all threads: of nearly all each process hears."""
    told = region.sockets_each * region.habits.threads * costs.beat_seconds
    return (told + region.threads * costs.heads_seconds) / HEARTBEAT


def _memory(region: Region, costs: Costs) -> float:
    return costs.base_bytes + region.sockets_each * costs.line_bytes


def _start(region: Region, costs: Costs) -> float:
    """Return how long what signs reads, in seconds, if it starts when the year ends."""
    return region.entries_a_year * costs.again_seconds


def _queued(region: Region, costs: Costs, *, peak: float) -> float:
    """
    Return which part of the queue fills while what signs starts at the year's end.

    Nothing is placed until all is read. Both the reading and what comes meanwhile grow with the
    people, so this with their square: of `n` people who leave `e` entries a day, at `a` seconds an
    entry, `(n e DAYS a) (n e peak / (HOURS 3600)) / QUEUE`.
    """
    entries = region.habits.messages + region.habits.acts
    mean = region.a_second(entries) / region.habits.peak
    return _start(region, costs) * mean * peak / QUEUE


def _look(region: Region, costs: Costs) -> float:
    return region.sockets_each * costs.look_seconds / SWEEP


def _statements(region: Region, costs: Costs) -> float:
    return region.people * costs.statements


def _change(region: Region, costs: Costs) -> float:
    return _statements(region, costs) * costs.change_seconds


# Each tells which part is used of what there is: at 1 it ends.
ENDS: Final[Mapping[str, Callable[[Region, Costs], float]]] = {
    "heartbeats fill a web process's one thread": _beat,
    "the look each second takes a second": _look,
    "connections of a web process (4,000)": lambda region, _: region.sockets_each / LINES,
    "connections of the edge (8,192 sockets)": lambda region, _: region.sockets / EDGE_LINES,
    "memory of a web process (1 GiB)": lambda region, costs: _memory(region, costs) / MEMORY,
    "messages fill the web processes": lambda region, costs: (
        region.a_second(region.habits.messages) * costs.web_seconds / region.processes
    ),
    "messages fill PostgreSQL (4 processors)": lambda region, costs: (
        region.a_second(region.habits.messages)
        * (costs.message_seconds - costs.web_seconds)
        / DATABASE
    ),
    "a change of the directory costs each process 10 s": lambda region, costs: (
        _change(region, costs) / PATIENCE
    ),
    "a question to the directory's log takes 10 s": lambda region, costs: (
        _statements(region, costs) * costs.known_seconds / PATIENCE
    ),
    "entries fill what signs": lambda region, costs: (
        region.a_second(region.habits.messages + region.habits.acts) * costs.entry_seconds
    ),
    "at a year's end what signs takes 10 minutes to start (red)": lambda region, costs: (
        _start(region, costs) / RED
    ),
    "started in the busiest hours, its queue is full first (refused)": lambda region, costs: (
        _queued(region, costs, peak=region.habits.peak)
    ),
    "started in hours like the mean, its queue is full (refused)": lambda region, costs: _queued(
        region, costs, peak=1
    ),
    "at a year's end it takes 24 hours (changes refused)": lambda region, costs: (
        _start(region, costs) / STALLED
    ),
}


def most(end: Callable[[Region, Costs], float], region: Region, costs: Costs) -> float:
    """
    Return with how many people a part is used up, all else being as it is.

    What is used grows with the people, so halving finds it: to a hundredth of one.
    """

    def is_over(people: float) -> bool:
        return end(replace(region, people=people), costs) >= 1

    low, high = 0.0, 1.0
    while not is_over(high):
        low, high = high, high * 2
        if high > NOBODY:
            return float("inf")
    while high - low > NEAR:
        middle = (low + high) / 2
        low, high = (low, middle) if is_over(middle) else (middle, high)
    return high


def ends(region: Region, costs: Costs) -> list[tuple[str, float]]:
    """Return every end with the people at which it comes, the first one first."""
    found = [(name, most(end, region, costs)) for name, end in ENDS.items()]
    return sorted(found, key=lambda one: one[1])


def slope(one: tuple[float, float], other: tuple[float, float]) -> float:
    """
    Return what one more of something costs: of two (how many, what all of it cost).

    :raises ValueError: if both are as many.
    """
    if one[0] == other[0]:
        message = "two sizes are needed"
        raise ValueError(message)
    return (other[1] - one[1]) / (other[0] - one[0])
