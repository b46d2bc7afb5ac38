"""
Acts a second: with no log, ours, django-auditlog, pymerkle; one by one and grouped.

The act is the smallest there is, one head row in its transaction, so that the log weighs most:
every real act checks more than it writes. Each writer is a process of its own with a connection of
its own. Turns alternate, so that what else the machine does falls on all alike, and the sequencer
(`manage.py sequence_audit`) signs in all of them; before the next turn begins it has caught up.
Processor time is that of the writers and of their PostgreSQL backends, starting included: it says
the same on a busy machine.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Self

import django

from tests.servers.casehub_server import Place
from tests.servers.sequencing import Sequencing

from .figures import Goal, both, percentile, setting, tell

WRITERS = (1, 16)
MOST = 2.2  # times the act without a log, 16 writers
MOST_GROUPED = 1.3  # the same in group commit
GROUPS = (16, 128)  # one message of each of 16 writers; the most that the product groups
PACE = 20  # acts a second, a busy region's
WARM = 5  # acts of each writer before the clock starts for all
DRAINED = 60.0  # seconds that the sequencer may take to catch up
Act = Callable[[int], None]


@dataclass
class Turn:
    """
    What some writers did in one turn: seconds of each act, and when an event was committed.

    `processor` is in seconds of each act, those before the clock started among them.
    """

    seconds: float
    processor: float = 0.0
    waits: list[float] = field(default_factory=list)
    committed: dict[int, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Acts a second."""
        return len(self.waits) / self.seconds


def write(prepare: Callable[[], Callable[[], int]], *, writers: int, seconds: float) -> Turn:
    """Let so many processes act for so long."""
    from django.db import connections  # noqa: PLC0415 - Django is up now

    prepare()()  # what Python loads and makes once is there before the others are
    connections.close_all()  # nothing of this process goes into the others
    before = _processor()
    fork = mp.get_context("fork")
    ready = fork.Barrier(writers)
    turn, ends, processes = Turn(seconds), [], []
    for _ in range(writers):
        here, there = fork.Pipe(duplex=False)
        process = fork.Process(target=_writer, args=(prepare, ready, seconds, there))
        process.start()
        there.close()
        ends.append(here)
        processes.append(process)
    for here, process in zip(ends, processes, strict=True):
        waits, committed = here.recv()
        turn.waits += waits
        turn.committed |= committed
        process.join()
    turn.processor = (_processor() - before) / (len(turn.waits) + WARM * writers)
    return turn


def _processor() -> float:
    """Return the seconds that ended children took, and PostgreSQL's ended backends."""
    own = os.times()
    folder = Path("/" + os.environ["DATABASE_URL"].split("//", 1)[1].strip("/").rpartition("/")[0])
    postmaster = (folder / "data" / "postmaster.pid").read_text().split()[0]
    stat = Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()
    theirs = (int(stat[13]) + int(stat[14])) / os.sysconf("SC_CLK_TCK")  # cutime, cstime
    return own.children_user + own.children_system + theirs


def _writer(
    prepare: Callable[[], Callable[[], int]], ready: Barrier, seconds: float, out: Connection
) -> None:
    act = prepare()
    for _ in range(WARM):
        act()  # the connection is opened, and whatever else is made once
    waits, committed = [], {}
    ready.wait()
    ends = time.monotonic() + seconds
    while (began := time.monotonic()) < ends:
        event = act()
        done = time.monotonic()
        waits.append(done - began)
        committed[event] = done
    out.send((waits, committed))
    out.close()
    os._exit(0)  # what the parent registered to be done at its end is not this one's


class Watching:
    """Notes when each signed size of the acts' log is first to be seen, every few milliseconds."""

    def __init__(self) -> None:
        self._seen: list[tuple[float, int]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        from django.db import connection  # noqa: PLC0415

        sql = (
            "SELECT max(c.size) FROM audit_signedcheckpoint c JOIN audit_log l ON l.id = c.log_id"
            " WHERE l.name = 'acts'"
        )
        with connection.cursor() as cursor:
            while not self._stop.wait(0.005):
                cursor.execute(sql)
                ((size,),) = cursor.fetchall()
                if size and (not self._seen or size > self._seen[-1][1]):
                    self._seen.append((time.monotonic(), size))
        connection.close()

    def waits(self, committed: dict[int, float]) -> list[float]:
        """Return the seconds from each event's commit to the first signature over its entry."""
        from audit.models import LogEntry  # noqa: PLC0415

        places = LogEntry.objects.filter(log__name="acts", event_id__gte=min(committed))
        found, seen = [], iter(self._seen)
        at, size = next(seen, (0.0, 0))
        for event, position in places.order_by("position").values_list("event_id", "position"):
            while size <= position:
                at, size = next(seen)
            if event in committed:
                found.append(max(0.0, at - committed[event]))
        return found


def _caught_up() -> float:
    """Wait until everything recorded is signed; return the seconds that took."""
    from audit import services  # noqa: PLC0415
    from audit.models import Log  # noqa: PLC0415
    from audit.queries import trees  # noqa: PLC0415

    began = time.monotonic()
    log = Log.objects.get(name="acts")
    while services.anything_waits() or trees.signed_size(log) != Log.objects.get(id=log.id).size:
        if time.monotonic() - began > DRAINED:
            raise TimeoutError("the sequencer does not catch up")
        time.sleep(0.05)
    return time.monotonic() - began


# ------------------------------------------------------------------ one by one


def _singly(seconds: float, rounds: int) -> None:
    from . import heads  # noqa: PLC0415 - tables are models: Django is up now

    print(f"single acts, {rounds} turns of {seconds:g} s each; the sequencer signs beside them")
    print(f"  {'':18} {'writers':>7} {'acts/s':>8} {'least..most':>14}", end=" ")
    print(f"{'p50 ms':>9} {'p99 ms':>9} {'CPU ms':>7}  costs in acts, in CPU")
    for writers in WRITERS:
        turns: dict[str, list[Turn]] = {name: [] for name in heads.acts()}
        late: list[float] = []
        behind = 0.0
        for _ in range(rounds):
            for name, prepare in heads.acts().items():
                with Watching() as watching:
                    turns[name].append(write(prepare, writers=writers, seconds=seconds))
                    behind = max(behind, _caught_up())
                    time.sleep(0.05)  # for the watcher to see the last of them
                if name == "the log":
                    late += watching.waits(turns[name][-1].committed)
        base = statistics.median(turn.rate for turn in turns["no log"])
        least = statistics.median(turn.processor for turn in turns["no log"])
        for name, done in turns.items():
            rates = [turn.rate for turn in done]
            processor = statistics.median(turn.processor for turn in done)
            waits = [wait for turn in done for wait in turn.waits]
            cost = base / statistics.median(rates)
            print(
                f"  {name:18} {writers:7} {statistics.median(rates):8.0f}"
                f" {f'{min(rates):.0f}..{max(rates):.0f}':>14} {both(waits)}"
                f" {processor * 1000:7.2f}  {cost:.2f}x {processor / least:.2f}x"
            )
            if name == "the log" and writers == WRITERS[-1]:
                tell(Goal(f"single acts, {writers} writers: no log / log", cost, MOST, "x"))
        print(
            f"  from commit to signed, writing as fast as it goes, {writers} writers: p50"
            f" {percentile(late, 0.5):.2f} s, p99 {percentile(late, 0.99):.2f} s;"
            f" all signed {behind:.1f} s after the last"
        )


def _paced(seconds: float) -> None:
    from . import heads  # noqa: PLC0415

    def prepare() -> Callable[[], int]:
        def act() -> int:
            time.sleep(1 / PACE)
            return heads.logged()

        return act

    with Watching() as watching:
        done = write(prepare, writers=1, seconds=seconds)
        _caught_up()
        time.sleep(0.05)
    waits = watching.waits(done.committed)
    act = percentile(done.waits, 0.5) - 1 / PACE
    p50, p99 = (percentile(waits, part) for part in (0.5, 0.99))
    print(
        f"from commit to signed at {PACE} acts/s, {len(waits)} acts: p50 {p50:.3f} s,"
        f" p99 {p99:.3f} s ({p50 / act:.0f} and {p99 / act:.0f} times the act itself)"
    )
    tell(Goal(f"from commit to signed, p99 at {PACE} acts/s", p99, 1.0, "s"))


# ------------------------------------------------------------------ grouped


def _grouped(seconds: float, rounds: int) -> None:
    from . import heads, messages  # noqa: PLC0415

    print("group commit: many acts in one transaction, one writer")
    print(f"  {'':36} {'acts/s without':>14} {'with':>9}  costs")
    scene = messages.Scene()
    for size in GROUPS:
        kinds: Sequence[tuple[str, Act, Act, Callable[[], AbstractContextManager[None]]]] = (
            ("bare head rows", heads.plain_batch, heads.logged_batch, nullcontext),
            ("messages, checks and all", scene.batch, scene.batch, scene.without_log),
        )
        for what, plain, logged, without in kinds:
            rates: tuple[list[float], list[float]] = ([], [])
            for _ in range(rounds):
                with without():
                    rates[0].append(_count(plain, size, seconds / 2))
                rates[1].append(_count(logged, size, seconds / 2))
                _caught_up()
            off, on = (statistics.median(found) for found in rates)
            name = f"{what}, {size} at once"
            print(f"  {name:36} {off:14.0f} {on:9.0f}  {off / on:.2f}x")
            tell(Goal(f"{name}: no log / log", off / on, MOST_GROUPED, "x"))


def _count(act: Act, size: int, seconds: float) -> float:
    """Return acts a second in groups of so many."""
    act(size)
    done, began = 0, time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        act(size)
        done += size
    return done / (now - began)


# ------------------------------------------------------------------ what it stores


def _stored() -> None:
    """Print the bytes of each event as the sequencer has placed them, indexes grown row by row."""
    from django.db import connection  # noqa: PLC0415

    from . import storing  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print("stored by the runs above, one event at a time:")
    storing.show(connection)


def main() -> None:
    """Set up, measure, print."""
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    import casehub.urls  # noqa: F401, PLC0415 - so that every kind of act is known

    from . import heads  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    heads.make_tables()
    seconds, rounds = setting("SECONDS", 3), int(setting("ROUNDS", 2))
    place = Place(
        "full",
        Path(os.environ["CASEHUB_DATA"]),
        {"DATABASE_URL": os.environ["DATABASE_URL"], "DJANGO_SETTINGS_MODULE": "casehub.settings"},
    )
    with Sequencing(place):
        _singly(seconds, rounds)
        _paced(4 * seconds)
        _grouped(seconds, rounds)
    _stored()
    connections.close_all()


if __name__ == "__main__":
    main()
