"""The full region as it is shipped, with clients in it: the ground of one fault after another."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import redis

from tests.browser.hunter import START, hunt
from tests.faults.region import Room
from tests.faults.traffic import Opener, Traffic
from tests.faults.world import World, reading
from tests.faults.world.keeping import most
from tests.headless import PROGRAM
from tests.servers.bad_line import BadLine
from tests.servers.volume import Volume
from tools.region.compose import Service
from tools.region.private import spare_port
from tools.region.processes import Running
from tools.region.region import Region

ACCOUNTS = ["sv.enlace1", "sv.enlace2", "mx.enlace1", "mx.enlace2", "gt.enlace1", "us.enlace1"]
OPENER = "hn.enlace1"
EVERY = 0.2  # seconds between two messages of all members
WEBS = ("web-1", "web-2")
ADMIN = "faults"
DATABASE_MB, FILES_MB = 768, 512
SIGNED = 10.0  # seconds within which everything is provable
# A pool keeps for ten minutes what a rush has opened: more than all their most would be a leak.
POOLED, POOLS = "connections to PostgreSQL", 3 * 16
BACK = 60.0  # seconds within which the servers hold no more than before


class Missed(Exception):
    """A fault has struck nothing, or not as it was meant to: its trial would show nothing."""


class Exposed(Region):
    """
    A region whose Redis also obeys whoever tries faults, and whose door is not where callers knock.

    Between the two lies a line that can be spoiled.
    """

    def __init__(self, home: Path, **more: Any) -> None:
        self.door = spare_port()
        #  by process: the file that says how wrong its clock is, from its next start on
        self.clocks: dict[str, Path] = {}
        self._clock: Path | None = None
        super().__init__(home, **more)

    def _answers(self) -> dict[str, str]:
        return {**super()._answers(), "EDGE_LISTEN": f"127.0.0.1:{self.door}"}

    def command(self, service: Service) -> list[str]:
        """Return a command as the region has it, but for whose clock can be moved."""
        program, file, *rest = super().command(service)
        if self._clock is None:
            return [program, file, *rest]
        return [program, "-m", "tests.servers.jumping", str(self._clock), *rest]

    def _ours(self, name: str, of: str, **more: str) -> Callable[[], Running]:
        self._clock = self.clocks.get(name)
        try:
            return super()._ours(name, of, **more)
        finally:
            self._clock = None

    def _redis(self) -> None:
        file = self.home / "secrets" / "redis_users"
        line = f"user {ADMIN} on nopass resetkeys resetchannels ~* &* +@all\n"
        if line not in (told := file.read_text(encoding="utf-8")):
            file.write_text(told + line, encoding="utf-8")
        super()._redis()


@dataclass
class Ground:
    """Everything that one trial after another uses."""

    region: Exposed
    room: Room
    traffic: Traffic
    line: BadLine
    words: str  # the beginning of everything that members write
    disk: Volume | None = None  # of the database
    files: Volume | None = None  # of the attachments
    beside: Any = None  # who is there for one fault alone, as its `around` gives it

    def __post_init__(self) -> None:
        self._read: dict[str, int] = {}
        self._sizes: dict[str, int] = {}
        self._kept: list[str] = []
        self.noticed: list[str] = []  # what a fault saw that is not as it says (I15)
        self.before: dict[str, int] = {}
        self.said()

    # ------------------------------------------------------------------ what is struck

    @property
    def owner(self) -> str:
        """The URL of the database, as its owner."""
        return (self.region.home / "secrets" / "owner_url").read_text(encoding="utf-8").strip()

    def redis(self) -> redis.Redis:
        """Return a connection to Redis that may do everything."""
        return redis.Redis(
            port=self.region.ports["redis"], username=ADMIN, password="any", socket_timeout=5
        )

    def alive(self, name: str) -> Running:
        """
        Return a process that is to be struck.

        :raises Missed: if there is nothing to strike: it has ended already.
        """
        running = self.region.one(name)
        if (code := running.process.poll()) is not None:
            raise Missed(f"{name} had ended by itself before, with {code}")
        return running

    def stop(self, name: str) -> None:
        """
        Ask a process to end, and wait for it.

        :raises Missed: if it did not and had to be killed.
        """
        if self.alive(name).stop() == -signal.SIGKILL:
            raise Missed(f"{name} did not end when it was asked to: it was killed")

    def kill(self, name: str) -> float:
        """Kill a process and those that it has begun at once, as where a container ends."""
        running = self.alive(name)
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait(10)
        return time.monotonic()

    # ------------------------------------------------------------------ what is looked at

    def said(self) -> dict[str, list[str]]:
        """Return the lines that each process has written since the last look."""
        found = {}
        for running in self.region.processes.running:
            with running.log.open("rb") as log:
                since = self._read.get(running.name, 0)
                log.seek(since)
                lines = log.read()
            #  What is being written at this moment is read as a whole the next time.
            lines = lines[: lines.rfind(b"\n") + 1]
            self._read[running.name] = since + len(lines)
            found[running.name] = lines.decode(errors="replace").splitlines()
        return found

    def tells(self, name: str, words: str) -> bool:
        """Return whether a process has said this since the last look, without being one itself."""
        with self.region.one(name).log.open("rb") as log:
            log.seek(self._read.get(name, 0))
            return words.encode() in log.read()

    def counted(self) -> dict[str, int]:
        """Return what the servers hold now, summed up over processes that share the work."""
        found: dict[str, int] = {}
        for kind, names in {"web": WEBS, "sequencer": ("sequencer",)}.items():
            folders = [Path(f"/proc/{self.region.one(name).process.pid}") for name in names]
            found[f"{kind} files"] = sum(map(self._files, folders))
            found[f"{kind} MiB"] = sum(_resident(one) for one in folders) // 2**20
        with psycopg.connect(self.owner) as connection:
            row = connection.execute(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            ).fetchone()
            found[POOLED] = row[0] if row else 0
        with self.redis() as layer:
            found["keys in Redis"] = int(layer.dbsize())
            found["clients of Redis"] = len(layer.client_list())
        temporary = [
            file
            for name in ("web", "sequencer")
            for file in (self.region.home / "tmp" / name).rglob("*")
            if file.is_file()
        ]
        found["temporary files"] = len(temporary)
        return found

    def _files(self, process: Path) -> int:
        """Return how many files a process has open, but those of its pool, which are counted so."""
        port = f":{self.region.ports['postgres']:04X}"
        told = (process / "net" / "tcp").read_text(encoding="utf-8").splitlines()[1:]
        pool = {f"socket:[{f[9]}]" for f in map(str.split, told) if f[2].endswith(port)}
        count = 0
        for file in (process / "fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                count += str(file.readlink()) not in pool
        return count

    def learn(self, *earlier: dict[str, int]) -> None:
        """Take what the servers hold now, and held, with nothing disturbed, as what is usual."""
        for counted in (*earlier, {**self.counted(), POOLED: POOLS}):
            for name, count in counted.items():
                self.before[name] = max(count, self.before.get(name, 0))

    def learn_memory(self) -> None:
        """Take for usual what memory servers have now, undisturbed, with who is there besides."""
        for name, count in self.counted().items():
            if name.endswith(" MiB"):
                self.before[name] = max(count, self.before.get(name, 0))

    def keep_logs(self, folder: Path) -> None:
        """Copy what processes and clients have said to where it outlives the region."""
        keep_logs(self.region.home, folder)

    def _settled(self) -> dict[str, int]:
        """Return what the servers hold once it is no more than usual, or at the latest."""
        deadline = time.monotonic() + BACK
        while True:
            after = self.counted()
            if all(after[name] <= most(count) for name, count in self.before.items()):
                return after
            if time.monotonic() > deadline:
                return after
            time.sleep(1)

    def signed(self) -> float:
        """Wait until every event is published, and return how long the oldest has waited then."""
        deadline = time.monotonic() + SIGNED
        while True:
            count, age = reading.unsigned(self.owner)
            if count == 0 or time.monotonic() > deadline:
                return age
            time.sleep(0.2)

    def _watched(self) -> tuple[list[dict[str, Any]], int]:
        """
        Return what a client says of the log that knows nothing but whose keys to believe.

        And with which code it ended.
        """
        told = subprocess.run(
            [
                "node", PROGRAM, "--policy", self.region.home / "config" / "witnesses",
                "--memory", self.region.home / "watcher", "--url", self.region.url,
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )  # fmt: skip
        if told.returncode and not told.stdout:
            return [{"log": "all", "holds": False, "why": told.stderr[-400:]}], told.returncode
        return [json.loads(line) for line in told.stdout.splitlines()], told.returncode

    def _verified(self) -> str:
        try:
            return self.region.manage("operator", "audit", "verify", *self._kept)
        except Exception as wrong:  # noqa: BLE001 - whatever it is, it belongs in the report
            return str(wrong)

    def _keep(self) -> None:
        """Keep the checkpoints of this moment: the log has to agree with all of them for ever."""
        folder = self.region.home / "kept"
        folder.mkdir(exist_ok=True)
        with psycopg.connect(self.owner) as connection:
            notes = connection.execute(
                "SELECT DISTINCT ON (log_id) log_id, size, note FROM audit_publishedcheckpoint"
                " ORDER BY log_id, size DESC, id DESC"
            ).fetchall()
        for log, size, note in notes:
            file = folder / f"{log}-{size}"
            if not file.exists():
                file.write_text(note, encoding="utf-8")
                self._kept += ["--checkpoint", str(file)]

    def world(self, declared: tuple[str, ...]) -> World:
        """Look at everything, once nothing is on its way any more."""
        age = self.signed()
        sizes = reading.sizes(self.owner)
        grown = [(log, self._sizes.get(log, 0), size) for log, size in sizes.items()]
        grown += [(log, size, 0) for log, size in self._sizes.items() if log not in sizes]
        self._sizes = sizes
        with ThreadPoolExecutor() as together:  # each waits for a program of its own
            watched, verified = together.submit(self._watched), together.submit(self._verified)
            stored = together.submit(reading.postgresql, self.owner)
            told = self.traffic.told()
        with ThreadPoolExecutor() as together:  # what those have printed is looked through as well
            hits = together.submit(self._hunted)
            after = self._settled()
        world = World(
            stored=stored.result(),
            told=told,
            thread=self.room.thread,
            opened=dict(self.traffic.opener.opened),
            verified=verified.result(),
            watched=watched.result()[0],
            watcher=watched.result()[1],
            sizes=grown,
            unsigned_seconds=age,
            hits=hits.result(),
            before=self.before,
            after=after,
            said=self.said(),
            declared=declared,
        )
        self._keep()
        return world

    def _hunted(self) -> list[str]:
        home = self.region.home
        folders = [home / "log", home / "volumes", home / "tmp", home / "data"]
        return hunt(folders, [self.words])


def keep_logs(home: Path, folder: Path) -> None:
    """Copy what a region's processes and clients have said."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in [*(home / "log").glob("*.log"), *(home / "clients").glob("*.stderr")]:
        shutil.copyfile(file, folder / file.name)


def _resident(process: Path) -> int:
    fields = (process / "statm").read_text(encoding="utf-8").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def begun(
    home: Path,
    seed: int,
    *,
    region: Callable[[Path], Exposed] = Exposed,
    accounts: list[str] = ACCOUNTS,
    small_disk: bool = False,
    told: Callable[[str], object] = lambda _: None,
) -> Iterator[Ground]:
    """Begin a region, let people in, and end all of it."""
    chance = random.Random(seed)
    words = f"{START}fallos-{chance.getrandbits(64):016x}-ñandú"
    with ExitStack() as stack:
        disks = []
        if small_disk:
            for name, megabytes in (("database", DATABASE_MB), ("attachments", FILES_MB)):
                volume = Volume(home / "volumes" / name, megabytes=megabytes)
                disks.append(stack.enter_context(volume))
        made = region(home)
        line = BadLine(made.ports["edge"], to=made.door, seed=seed)
        told("the region begins")
        stack.enter_context(made)
        stack.enter_context(line)
        told(f"it runs on {made.url}; clients sign in")
        (home / "clients").mkdir(exist_ok=True)
        room = stack.enter_context(Room(home / "clients", accounts, [made.url]))
        traffic = Traffic(room, Opener(OPENER, made.url), chance, every=EVERY)
        traffic.words = words
        yield Ground(made, room, traffic, line, words, *disks)
