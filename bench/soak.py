"""
What a long run leaves behind: `make bench-soak`.

The full region for 40 minutes (MINUTES=10 for ten): six real clients write five messages a second
into one thread (of more, most would only wait: two cores carry all clients as well), somebody opens
case files, each second or so one of sixty people with a socket loses the line and comes back, and
once a minute all six clients lose theirs. Every ten seconds it is noted what the servers hold. At
the end everything is looked at as after a fault (docs/reliability.md), and memory is told as a
slope: MiB of all processes of a kind for 10,000 messages, by least squares, after the first
quarter. The clock is the machine's: what comes round by the day does not come round here.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from bench.peers.conditions import commit, databases, processor, setting
from tests.faults.ground import Ground, begun
from tests.faults.strikes.sockets import COUNT, Crowd, as_browsers, minted
from tests.faults.traffic import Traffic
from tests.faults.world import Violation, verify_world

EVERY = 0.2  # seconds between two messages of all members: 12,000 in 40 minutes
LOST_EVERY = 1.2  # seconds between two lines that are lost: 2,000 in 40 minutes
CUT_EVERY = 60.0  # seconds between two cuts of all clients' lines
NOTED_EVERY = 10.0  # seconds
ACTIVE_EVERY = 300.0  # seconds: somebody who does nothing is signed out after 15 minutes
GOAL = 1.0  # MiB for 10,000 messages
SETTLE = 120.0  # seconds
OPENED = 60.0  # seconds until all sockets are open
SOCKETS = "people with sockets"


@dataclass
class Noted:
    """What was held when so many messages were stored."""

    messages: int
    held: dict[str, int]


@dataclass
class Run:
    """What is noted as it goes on."""

    notes: list[Noted] = field(default_factory=list)
    lost: int = 0
    cuts: int = 0


def slope(points: list[tuple[float, float]]) -> float:
    """Return the slope of the line that lies nearest to points, by least squares."""
    count = len(points)
    across, up = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    spread = sum((x - across) ** 2 for x, _ in points)
    return sum((x - across) * (y - up) for x, y in points) / spread if spread else 0.0


def slopes(notes: list[Noted]) -> dict[str, float]:
    """Return how what is held rises in 10,000 messages, after the first quarter of the notes."""
    later = notes[len(notes) // 4 :]
    return {
        name: slope([(one.messages / 10_000, one.held[name]) for one in later])
        for name in later[0].held
    }


@contextmanager
def every(seconds: float, work: Callable[[], object]) -> Iterator[None]:
    """Do something again and again, as long as this lasts; what goes wrong is raised at its end."""
    over, wrong = threading.Event(), list[BaseException]()

    def go() -> None:
        while not over.wait(seconds):
            try:
                work()
            except Exception as error:  # noqa: BLE001 - raised below, where somebody waits
                wrong.append(error)
                return

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(60)
    if wrong:
        raise wrong[0]


def run(ground: Ground, minutes: float, seed: int) -> tuple[Run, list[Violation]]:
    """Let it run; return what was noted, and what does not hold at the end."""
    chance, told = random.Random(seed), Run()  # noqa: S311 - replayed by its seed
    words, room = ground.words, ground.room
    ground.traffic = Traffic(room, ground.traffic.opener, chance, every=EVERY)
    ground.traffic.words = words
    keys = minted(ground, COUNT)
    with Crowd(ground, keys, random.Random(seed + 1)) as crowd:  # noqa: S311 - as above
        crowd.wait(0, OPENED)

        def lose() -> None:
            told.lost += crowd.lose_one(chance.randrange(COUNT))

        def cut() -> None:
            told.cuts += bool(ground.line.cut())

        def note() -> None:
            told.notes.append(Noted(_stored(ground), ground.counted()))
            ground.traffic.stay_active()

        end = time.monotonic() + 60 * minutes
        with (
            ground.traffic.flowing(),
            every(LOST_EVERY, lose),
            every(CUT_EVERY, cut),
            every(NOTED_EVERY, note),
            every(ACTIVE_EVERY, lambda: _stay(ground, keys)),
        ):
            while (left := end - time.monotonic()) > 0:
                time.sleep(min(60.0, left))
                print(f"  ..  {_line(told)}", flush=True)
        settled = ground.traffic.settle(SETTLE)
        unanswered = not ground.traffic.opener.finish(SETTLE)
        away = COUNT - _there(crowd)
        ground.before = {}  # what is held is told as a slope
        found = verify_world(ground.world(()))
    if not settled:
        found.append(Violation("I1", "messages have not come to everybody", room.thread))
    if unanswered or ground.traffic.opener.refused:
        found.append(Violation("I1", f"a case: {ground.traffic.opener.refused}", "a case"))
    if away:
        found.append(Violation("I15", f"{away} of {COUNT} did not come back", SOCKETS))
    found += [Violation("I15", one, SOCKETS) for one in ground.noticed]
    return told, found


def _stored(ground: Ground) -> int:
    with psycopg.connect(ground.owner) as connection:
        row = connection.execute("SELECT COUNT(*) FROM messaging_entry").fetchone()
    return int(row[0]) if row else 0


def _there(crowd: Crowd) -> int:
    """Return how many have a line, once all have, or after a minute."""
    deadline = time.monotonic() + OPENED
    while crowd.there() < COUNT and time.monotonic() < deadline:
        time.sleep(0.1)
    return crowd.there()


def _stay(ground: Ground, keys: list[str]) -> None:
    """Say for each person with a socket that somebody is there."""
    where = f"http://127.0.0.1:{ground.region.door}"
    with httpx.Client(base_url=where, timeout=30, trust_env=False) as client:
        for key in keys:
            heads = as_browsers(ground.region.url, key)
            client.post("/api/session/active", json={}, headers=heads).raise_for_status()


def _line(told: Run) -> str:
    if not told.notes:
        return "begun"
    last = told.notes[-1]
    held = ", ".join(f"{name} {count}" for name, count in last.held.items())
    return f"{last.messages} messages, {told.lost} lines lost, {told.cuts} cuts; {held}"


def main() -> int:
    """Run it and tell; 1 if something did not hold, or memory rises faster than the goal."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # all that was begun is ended
    minutes, seed = setting("MINUTES", 40), int(setting("SEED", 1))
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="ch-soak-") as home:
        Path(home).chmod(0o755)
        with begun(Path(home), seed, told=lambda words: print(f"  ..  {words}", flush=True)) as one:
            told, found = run(one, minutes, seed)
            count, cases = len(one.traffic.posted), len(one.traffic.opener.opened)
    print(f"commit {commit()}; {processor()}, {os.cpu_count()} cores; {databases()}")
    print(f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after; seed {seed}")
    print(
        f"{minutes:.0f} minutes: {count} messages, {cases} cases,"
        f" {told.lost} lines lost by one of {COUNT} people, {told.cuts} times by all clients"
    )
    rises = slopes(told.notes)
    later = told.notes[len(told.notes) // 4 :]
    print(f"{'':28}{'first':>8}{'a quarter':>12}{'last':>8}{'most':>8}{'in 10,000 messages':>22}")
    for name, rise in rises.items():
        held = [one.held[name] for one in told.notes]
        row = f"{held[0]:>8}{later[0].held[name]:>12}{held[-1]:>8}{max(held):>8}"
        print(f"{name:28}{row}{rise:>+22.2f}")
    for one in found:
        print(f"does not hold: {one}"[:600])
    risen = [name for name, rise in rises.items() if name.endswith(" MiB") and rise > GOAL]
    print(f"memory rises by more than {GOAL:.0f} MiB: {', '.join(risen) or 'of none'}")
    return int(bool(found or risen))


if __name__ == "__main__":
    sys.exit(main())
