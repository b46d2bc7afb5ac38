"""A web process dies at points that are named, and where it has no memory left."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from tests.faults.excuses import ORPHANED
from tests.faults.fault import Fault
from tests.faults.ground import WEBS, Ground, Missed
from tests.faults.strikes.returning import all_back
from tests.servers.dying import LEAK, POINTS
from tests.servers.volume import Unavailable
from tools.region.compose import Service

DEATHS = 4  # of a trial
MOST = 3  # passings of a point, of which one is drawn by lot
DIES = 30.0  # seconds within which a point is passed
ONLINE = 30.0  # seconds in which clients come back
FORGIVEN = 3.0  # seconds: the edge asks no process for two after it was not there
MEMORY = 300 * 2**20  # bytes that a process may have
GROUPS = Path("/sys/fs/cgroup")


@dataclass
class Mortal:
    """Web processes that die where a file says, by their names; `group` has the memory of one."""

    files: dict[str, Path]
    group: Path | None = None


def _begun(ground: Ground, name: str, *words: str | Path, within: Path | None = None) -> None:
    """Start a web process anew by another program, and within a group of processes."""
    shipped = ground.region.command

    def command(service: Service) -> list[str]:
        program, file, *rest = shipped(service)
        whole = [program, *(map(str, words) if words else [file]), *rest]
        if within is None:
            return whole
        inside = f'echo $$ > {within / "cgroup.procs"} && exec "$@"'
        return ["/bin/sh", "-c", inside, "sh", *whole]

    with patch.object(ground.region, "command", command):
        ground.region.again(name)


def _mortal(ground: Ground, name: str, file: Path, *, within: Path | None = None) -> None:
    file.write_text("", encoding="utf-8")
    _begun(ground, name, "-m", "tests.servers.dying", file, within=within)


@contextmanager
def with_points(ground: Ground, _: random.Random) -> Iterator[Mortal]:
    """Both web processes are started anew as ones that can be told to die, and again as ever."""
    mortal = Mortal({web: ground.region.home / "config" / f"dies-{web}" for web in WEBS})
    for web, file in mortal.files.items():
        ground.stop(web)
        _mortal(ground, web, file)
    ground.traffic.online(ONLINE)
    try:
        yield mortal
    finally:
        for web in WEBS:
            ground.stop(web)
            ground.region.again(web)
        ground.traffic.online(ONLINE)


def die_at(ground: Ground, points: Sequence[tuple[str, int]]) -> float:
    """
    Let web processes die, one after the other.

    All lines are with one of the two: messages pass there, and the edge sends who opens a case to
    the other, which has less to do. Where the one with the lines dies, they go to the other.

    :raises Missed: if a point was not passed.
    """
    mortal: Mortal = ground.beside
    at = time.monotonic()
    lined, other = WEBS  # as `with_points` has left them
    for point, times in points:
        victim = other
        if point.startswith("message"):
            victim, lined, other = lined, other, lined
        process, file = ground.alive(victim).process, mortal.files[victim]
        _tell(file, f"{point}\n{times}")
        until = time.monotonic() + DIES
        while process.poll() is None:
            if time.monotonic() > until:
                raise Missed(f"nobody came by where it was to die: {point}")
            time.sleep(0.02)
        at = time.monotonic()
        _mortal(ground, victim, file)
        time.sleep(FORGIVEN)
    return at


def _tell(file: Path, words: str) -> None:
    """Write a file that is read at any moment."""
    new = file.with_suffix(".new")
    new.write_text(words, encoding="utf-8")
    new.replace(file)


def _dies(ground: Ground, chance: random.Random) -> float:
    return die_at(
        ground,
        [(point, chance.randint(1, MOST)) for point in chance.sample(sorted(POINTS), DEATHS)],
    )


def limited(folder: Path, most: int) -> Path:
    """
    Make a group of processes that have so many bytes of memory together.

    :raises Unavailable: if this machine lets nobody make one.
    """
    old = (folder / "memory").is_dir()  # cgroups of the first version
    group = (folder / "memory" if old else folder) / f"casehub-{os.getpid()}"
    limit = group / ("memory.limit_in_bytes" if old else "memory.max")
    try:
        group.mkdir(exist_ok=True)
        limit.write_text(str(most), encoding="utf-8")
    except OSError as error:
        with suppress(OSError):
            group.rmdir()
        raise Unavailable(f"no group of processes can be limited here: {error}") from error
    return group


def killed_there(group: Path) -> int:
    """Return how many processes were killed for want of memory."""
    told = next(
        file for name in ("memory.events", "memory.oom_control") if (file := group / name).exists()
    )
    lines = dict(line.split() for line in told.read_text(encoding="utf-8").splitlines())
    return int(lines["oom_kill"])


@contextmanager
def with_little_memory(ground: Ground, chance: random.Random) -> Iterator[Mortal]:
    """One web process is started anew where it has 300 MiB, and again as ever."""
    victim = chance.choice(WEBS)
    group = limited(GROUPS, MEMORY)
    try:
        file = ground.region.home / "config" / f"dies-{victim}"
        ground.stop(victim)
        _mortal(ground, victim, file, within=group)
        with all_back(ground):  # all had gone to the other one
            ground.line.cut()
        try:
            yield Mortal({victim: file}, group)
        finally:
            ground.stop(victim)
            ground.region.again(victim)
            ground.traffic.online(ONLINE)
    finally:
        group.rmdir()


def _starved(ground: Ground, _: random.Random) -> float:
    mortal: Mortal = ground.beside
    assert mortal.group is not None
    ((victim, file),) = mortal.files.items()
    process, before = ground.alive(victim).process, killed_there(mortal.group)
    _tell(file, f"{LEAK}\n1")
    until = time.monotonic() + DIES
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    at = time.monotonic()
    if killed_there(mortal.group) == before:
        raise Missed("it was not killed for want of memory")
    _mortal(ground, victim, file, within=mortal.group)
    return at


FAULTS = (
    Fault(
        "web-dies",
        "SIGKILL of web processes, one after the other, at four points of eleven that are named:"
        " within an act's transaction, before and after its commit, before its answer, before it is"
        " handed out",
        _dies,
        ORPHANED,
        around=with_points,
    ),
    Fault(
        "web-starved",
        "one web process may have 300 MiB, takes more and more, and is killed for it",
        _starved,
        ORPHANED,
        needs="mounts",
        around=with_little_memory,
    ),
)
