"""The faults by name. Each strikes a region and returns when its cause was over."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.faults import callers
from tests.faults.ground import WEBS, Ground, Missed

FORGIVEN = 3.0  # seconds: the edge asks no process for two after it was not there

Strike = Callable[[Ground, random.Random], float]

#  What processes say (`gist`, from end to end) while the database is away: each of them by whoever
#  says it and in all its words, and which failure came of it at last. Not among it: a task whose
#  error nobody awaits (asyncio), and an answer that says that the server is broken.
AWAY = r"django\.request: Service Unavailable: \(withheld\)"  # an answer that asks to try again
_SAYERS = (
    AWAY,
    r"casehub\.audit: the sequencer stumbled",
    r"casehub\.audit: the witnesses could not be asked",
    r"casehub\.batching: a batch of \d+ was rolled back",
    r"casehub\.cases: what was said in a case could not be deleted now",
    r"casehub\.(designations|digests): [a-z_]+ could not be done now",
    r"casehub\.rates: refusals could not be recorded yet",
    r"casehub\.requests: a day of a request was not reminded of now",
    r"casehub\.rounds: a round was not finished",
    r"casehub\.switchboard: the switchboard's _(listen|serve|beat|sweep) stumbled",
)


def _because(failures: str, *more: str) -> str:
    """Return the expression of what those say who met one of these failures."""
    return rf"({'|'.join((*_SAYERS, *more))}): ({failures})"


#  PostgreSQL's own lines begin with the time and the number of the process.
_THERE = r"[\w:. +-]+\[\d+\] "
#  Without a number, or with one of a connection that ended.
_GONE = (
    r"(OperationalError|InterfaceError|AdminShutdown|PoolTimeout|ConnectionTimeout)"
    r"( (57P0[123]|08\w{3}))?"
)
NO_DATABASE = (
    AWAY,
    _because(_GONE, r"casehub\.storage: try-again"),
    rf"{_THERE}FATAL:  terminating connection due to (administrator|immediate shutdown) command",
    rf"{_THERE}FATAL:  the database system is (starting up|shutting down|in recovery mode)",
    rf"{_THERE}FATAL:  the database system is not (yet )?accepting connections",
)
#  What Redis' absence makes those say who speak with it.
_LAYER = (
    r"channels_redis\.pubsub: Unexpected exception (in receive task|while cleaning-up channel:)"
    r"|casehub\.switchboard: the switchboard's _listen stumbled"
)
_CUT = r"(ConnectionError|ConnectionRefusedError|ConnectionResetError|TimeoutError)( E[A-Z]+)?"
NO_LAYER = (rf"({_LAYER}): {_CUT}",)
#  PostgreSQL, of somebody who is killed while it tells them something.
ORPHANED = (rf"{_THERE}FATAL:  connection to client lost",)
_FILES = r"(LOG|ERROR|FATAL|PANIC):  could not (access|create|extend|open|write)( to)?( log)? file"
NO_ROOM = (
    _because(r"(OperationalError|DiskFull) 53100", r"casehub\.storage: storage-full"),
    rf"{_THERE}{_FILES} [^:]*: No space left on device",
    rf"{_THERE}ERROR:  could not write blocks \d+\.\.\d+ in file [^:]*: No space left on device",
    #  A recovery ends with a checkpoint, for which there is no room either: PostgreSQL gives up.
    rf"{_THERE}FATAL:  checkpoint request failed",
    rf"{_THERE}LOG:  [a-z ]+ \(PID \d+\) was terminated by signal 6: Aborted",
    rf"{_THERE}WARNING:  terminating connection because of crash of another server process",
)


@dataclass(frozen=True)
class Fault:
    """What is done, in a sentence, how, and which errors processes may speak of for it."""

    name: str
    does: str
    strike: Strike
    says: tuple[str, ...] = ()


def _nothing(_: Ground, __: random.Random) -> float:
    time.sleep(2)
    return time.monotonic()


def _killed(name: str) -> Strike:
    def strike(ground: Ground, chance: random.Random) -> float:
        victim = chance.choice(WEBS) if name == "web" else name
        at = ground.kill(victim)
        ground.region.again(victim)
        return at

    return strike


def _web_stopped(ground: Ground, chance: random.Random) -> float:
    victim = chance.choice(WEBS)
    at = time.monotonic()
    ground.stop(victim)
    ground.region.again(victim)
    return at


def _renewed(ground: Ground, _: random.Random) -> float:
    """Each is replaced once the one before it is back, as docs/operations.md has it."""
    with callers.looking(ground):
        for name in ("sequencer", *WEBS):
            ground.stop(name)
            ground.region.again(name)
            time.sleep(FORGIVEN)
    return time.monotonic()


def state(process: subprocess.Popen[bytes]) -> str:
    """Return the letter of what a process does now: T if it was stopped by a signal."""
    stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8")
    return stat.rpartition(")")[2].split()[0]


def _paused(names: tuple[str, ...], seconds: tuple[float, float]) -> Strike:
    def strike(ground: Ground, chance: random.Random) -> float:
        process = ground.alive(chance.choice(names)).process
        process.send_signal(signal.SIGSTOP)
        try:
            time.sleep(chance.uniform(*seconds))
            if state(process) != "T":
                raise Missed("it did not stand still to the end")
        finally:
            process.send_signal(signal.SIGCONT)
        return time.monotonic()

    return strike


def _away(name: str, ending: signal.Signals, seconds: tuple[float, float]) -> Strike:
    def strike(ground: Ground, chance: random.Random) -> float:
        running = ground.alive(name)
        running.process.send_signal(ending)
        running.process.wait(15)
        time.sleep(chance.uniform(*seconds))
        ground.region.again(name)
        return time.monotonic()

    return strike


def _backends_ended(ground: Ground, chance: random.Random) -> float:
    """Four a second for three seconds, whoever they serve."""
    ended = 0
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        for _ in range(12):
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid() ORDER BY pid"
            ).fetchall()
            if found:
                asked = "SELECT pg_terminate_backend(%s)"
                ended += connection.execute(asked, chance.choice(found)).fetchone() == (True,)
            time.sleep(0.25)
    if not ended:
        raise Missed("no backend was there to be ended")
    return time.monotonic()


def _table_held(ground: Ground, chance: random.Random) -> float:
    """Somebody holds the table of groups, as a migration or an operator might."""
    with psycopg.connect(ground.owner) as connection:
        connection.execute("LOCK TABLE messaging_group IN ACCESS EXCLUSIVE MODE")
        time.sleep(chance.uniform(2, 4))
        waiting = connection.execute(
            "SELECT COUNT(*) FROM pg_locks"
            " WHERE NOT granted AND relation = 'messaging_group'::regclass"
        ).fetchone()
    if waiting is None or not waiting[0]:
        raise Missed("nobody waited for the table")
    return time.monotonic()


def _redis_flushed(ground: Ground, _: random.Random) -> float:
    with ground.redis() as layer:
        if not layer.flushall():
            raise Missed("Redis did not flush")
    return time.monotonic()


def _redis_cut(ground: Ground, _: random.Random) -> float:
    """Every connection to Redis ends at once: who listened no longer does."""
    with ground.redis() as layer:
        cut = [layer.client_kill_filter(_type=kind, skipme=True) for kind in ("pubsub", "normal")]
    if not any(cut):
        raise Missed("nobody was connected to Redis")
    return time.monotonic()


def _line_cut(ground: Ground, _: random.Random) -> float:
    if not ground.line.cut():
        raise Missed("no connection was open")
    return time.monotonic()


def _line_dark(ground: Ground, chance: random.Random) -> float:
    held = ground.line.held
    with ground.line.dark():
        time.sleep(chance.uniform(2, 8))
    if ground.line.held == held:
        raise Missed("nothing was on its way in the dark")
    return time.monotonic()


def _line_bad(ground: Ground, chance: random.Random) -> float:
    pieces = ground.line.pieces
    ground.line.spoil()
    try:
        time.sleep(chance.uniform(4, 8))
    finally:
        ground.line.mend()
    if ground.line.pieces == pieces:
        raise Missed("nothing was on its way over a bad line")
    return time.monotonic()


def _disk_full(ground: Ground, chance: random.Random) -> float:
    """No room for the database; whoever runs it starts it again if it gives up."""
    assert ground.disk is not None
    ground.disk.fill()
    try:
        time.sleep(chance.uniform(3, 6))
        met = ground.tells("postgres", "No space left on device")
    finally:
        ground.disk.empty()
    at = time.monotonic()
    if not met:
        raise Missed("nobody met the full disk")
    if ground.region.one("postgres").process.poll() is not None:
        ground.region.again("postgres")
    return at


FAULTS = {
    one.name: one
    for one in (
        Fault("nothing", "nothing at all, for comparison", _nothing),
        Fault("web-killed", "SIGKILL of one of two web processes", _killed("web"), ORPHANED),
        Fault("sequencer-killed", "SIGKILL of what signs the log", _killed("sequencer"), ORPHANED),
        Fault("edge-killed", "SIGKILL of nginx and its workers", _killed("edge")),
        Fault("web-stopped", "SIGTERM of one web process, as for a new version", _web_stopped),
        Fault(
            "renewed",
            "what signs the log and each web process stop and are replaced, one after the other;"
            " nobody who asks meanwhile is refused",
            _renewed,
        ),
        Fault(
            "postgres-stopped",
            "PostgreSQL stops at once (immediate), and is back after half a second to three",
            _away("postgres", signal.SIGQUIT, (0.5, 3)),
            NO_DATABASE,
        ),
        Fault(
            "backends-ended",
            "pg_terminate_backend of random backends, four a second for three seconds",
            _backends_ended,
            NO_DATABASE,
        ),
        Fault("table-held", "the table of groups is locked for two to four seconds", _table_held),
        Fault(
            "redis-killed",
            "SIGKILL of Redis, which is back after half a second to five",
            _away("redis", signal.SIGKILL, (0.5, 5)),
            NO_LAYER,
        ),
        Fault(
            "redis-flushed",
            "FLUSHALL, of a Redis in which nothing is kept: who listens stands in no key",
            _redis_flushed,
        ),
        Fault("redis-cut", "every connection to Redis is ended", _redis_cut, NO_LAYER),
        Fault("redis-paused", "SIGSTOP of Redis for 5 s", _paused(("redis",), (5, 5)), NO_LAYER),
        Fault("web-paused", "SIGSTOP of one web process for 2 to 5 s", _paused(WEBS, (2, 5))),
        Fault(
            "sequencer-paused",
            "SIGSTOP of what signs the log for 5 s",
            _paused(("sequencer",), (5, 5)),
        ),
        Fault("line-cut", "every connection of every client is cut", _line_cut),
        Fault(
            "line-dark", "nothing comes over the line for 2 to 8 s, and nothing ends", _line_dark
        ),
        Fault(
            "line-bad",
            "for 4 to 8 s everything takes 600 ms there and back, 8 % of it up to 1.2 s more",
            _line_bad,
        ),
        Fault(
            "slow-callers",
            f"{callers.SLOW} connections send a header letter by letter for 12 s",
            callers.slow,
        ),
        Fault("big-bodies", f"{callers.BIG} strangers send 300 MiB each", callers.big),
        Fault(
            "guessing",
            f"{callers.GUESSERS} addresses try passwords for 6 s, as fast as they are answered",
            callers.guessing,
            (AWAY,),
        ),
        Fault(
            "disk-full",
            "the database's disk is full for 3 to 6 s; PostgreSQL, if it stops, is started again",
            _disk_full,
            (*NO_DATABASE, *NO_ROOM),
        ),
    )
}
