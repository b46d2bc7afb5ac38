"""What the driver needs of a server that is measured, and how its processes are looked at."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from .results import LOOPS, WEB

BODY = 1024  # bytes of ciphertext
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Heard(Protocol):
    """Who is told what a line hears; a message is a number that the driver gave it."""

    def acknowledged(self, message: int) -> None:
        """Note that its sender knows it to be stored."""

    def delivered(self, line: int, message: int) -> None:
        """Note that a member has it; `line` tells the lines apart."""

    def refused(self, message: int, why: str) -> None:
        """Note that it was not taken."""


class Line(Protocol):
    """One connected client of one person."""

    def send(self, message: int) -> None:
        """Send a message to the person's room, without waiting."""

    async def read(self, limit: int) -> int:
        """Read the newest `limit` messages of the room's history; return how many came."""
        ...

    async def close(self) -> None:
        """Hang up."""


class Peer(Protocol):
    """A server that is measured."""

    name: str
    notes: Sequence[str]  # what a reader of its figures has to know
    pace: float  # what of the usual load it is given; 1 is all of it
    cores: int  # how many cores its side has
    parts: Mapping[str, Sequence[int]]  # processes by what they do, where that is looked at

    def missing(self) -> str:
        """Return why it cannot be measured here, or nothing."""
        ...

    def versions(self) -> str:
        """Return what it is made of."""
        ...

    def start(self, rooms: Sequence[int]) -> None:
        """Serve rooms of so many people each, nobody connected yet."""

    def stop(self) -> None:
        """End every process of it, and forget its files."""

    async def connect(self, room: int, member: int, line: int, heard: Heard) -> Line:
        """Return a line of a member that hears their room from now on."""
        ...

    def roots(self) -> list[int]:
        """Return the processes that it consists of, without their children."""
        ...


def _fields(file: Path) -> list[str]:
    # "pid (name) state ppid …", and a name may hold anything
    return file.read_text().rpartition(")")[2].split()


def _stat(process: int) -> list[str]:
    return _fields(Path(f"/proc/{process}/stat"))


def family(roots: Sequence[int]) -> list[int]:
    """Return processes and all their descendants that live."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(entry.name)] = int(_stat(int(entry.name))[1])
    found = set(roots) & parents.keys()
    grown = True
    while grown:
        more = {one for one, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return sorted(found)


def cpu(roots: Sequence[int]) -> float:
    """Return the CPU seconds of processes and their descendants, the dead ones included."""
    total = 0
    for one in family(roots):
        with suppress(OSError):
            total += sum(map(int, _stat(one)[11:15]))
    return total / TICKS


def shares(parts: Mapping[str, Sequence[int]]) -> dict[str, float]:
    """Return the CPU seconds of each part, and of those of the web what its loops took alone."""
    told = {name: cpu(roots) for name, roots in parts.items()}
    loops = 0
    for one in parts.get(WEB, ()):
        with suppress(OSError):  # a process's first thread has its number, and is its loop
            loops += sum(map(int, _fields(Path(f"/proc/{one}/task/{one}/stat"))[11:13]))
    return told | ({LOOPS: loops / TICKS} if WEB in parts else {})


def memory(roots: Sequence[int]) -> int:
    """Return the resident bytes that processes and their descendants have to themselves."""
    total = 0
    for one in family(roots):
        with suppress(OSError):
            _, resident, shared, *_ = Path(f"/proc/{one}/statm").read_text().split()
            total += (int(resident) - int(shared)) * PAGE
    return total


def halves() -> tuple[set[int], set[int]] | None:
    """Return the server's core and the driver's, if this machine lets one choose."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    cores = sorted(os.sched_getaffinity(0))
    return ({cores[0]}, {cores[1]}) if len(cores) > 1 else None


def pin(processes: Sequence[int], cores: set[int]) -> None:
    """Keep processes, their descendants and all their threads on these cores."""
    for one in family(processes):
        for thread in Path(f"/proc/{one}/task").glob("[0-9]*"):
            with suppress(OSError):
                os.sched_setaffinity(int(thread.name), cores)


@contextmanager
def shared(server: Peer, halves: tuple[set[int], set[int]] | None) -> Iterator[None]:
    """Give a server its core and this process another; one that has two processes gets both."""
    if halves is None:
        yield
        return
    pin(server.roots(), halves[0] if server.cores == 1 else halves[0] | halves[1])
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, halves[1])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


async def until(done: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so, at most so long; return whether it came to be."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not done():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.005)
    return True
