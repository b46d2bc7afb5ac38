"""
Twelve people act at once, and the log keeps up: `make load-audit` (ACTS=20000 by default).

On the full configuration: PostgreSQL, Redis' protocol, two web processes, one that signs. Nine acts
of ten are messages over sockets, the tenth opens the case file over HTTP. Every person acts as fast
as the rates let them, which bounds the run. Afterwards the acts that were acknowledged are compared
with the entries of the log, and all of it is read again. Figures mean something only with the
machine and what else it did, so both are printed.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from tests.faults import crowd
from tests.servers.casehub_server import CaseHub, Place
from tests.servers.sequencing import Sequencing
from tools.region.postgres import Postgres
from tools.region.valkey import Valkey

PEOPLE = 12
ACTS = 20_000
IN_FLIGHT = 16  # messages of one person
READ_EVERY = 10  # acts
PAUSE = 0.5  # seconds after a refusal for the rate
SIGNED_WITHIN = 120.0  # seconds after the last act


@dataclass
class Tally:
    """What one run came to; times in seconds."""

    acknowledged: int = 0
    entries: int = 0
    acting: float = 0.0
    signing: float = 0.0
    slowed: int = 0  # refusals for a rate
    waits: list[float] = field(default_factory=list)
    verified: str = ""

    def add(self, waits: list[float], slowed: int) -> None:
        """Take in one person's figures."""
        self.waits += waits
        self.slowed += slowed


@contextmanager
def full() -> Iterator[tuple[Place, CaseHub, Postgres]]:
    """Serve the full configuration, empty and migrated."""
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="casehub-load-")))
        postgres, valkey = stack.enter_context(Postgres()), stack.enter_context(Valkey())
        settings = {"DATABASE_URL": postgres.url(postgres.create()), "REDIS_URL": valkey.url}
        place = Place("full", data, settings)
        place.manage("migrate", "--verbosity", "0")
        stack.enter_context(Sequencing(place))
        casehub = stack.enter_context(CaseHub(place, processes=2, signed=False))
        yield place, casehub, postgres


def crowded(place: Place, casehub: CaseHub) -> list[crowd.Person]:
    """Let the people in."""
    return crowd.enter(place, [server.port for server in casehub.processes], PEOPLE)


def load(place: Place, people: Sequence[crowd.Person], *, acts: int) -> Tally:
    """Do so many acts, wait until all are signed, and count."""
    tally, lock = Tally(), threading.Lock()

    def act(person: crowd.Person, share: int) -> None:
        waits, slowed = _act(person, share)
        with lock:
            tally.add(waits, slowed)

    count = len(people)
    shares = [acts // count + (number < acts % count) for number in range(count)]
    threads = [threading.Thread(target=act, args=pair) for pair in zip(people, shares, strict=True)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.acting = time.monotonic() - began
    tally.acknowledged = sum(one.acts for one in people)
    ended = time.monotonic()
    while (found := crowd.counted(place)) < tally.acknowledged:
        if time.monotonic() - ended > SIGNED_WITHIN:
            break
        time.sleep(0.2)
    tally.signing = time.monotonic() - ended
    tally.entries = found
    tally.verified = place.manage("audit", "verify")
    return tally


def _act(person: crowd.Person, share: int) -> tuple[list[float], int]:
    """Do a person's share; return how long each act waited for its answer, and the slow-downs."""
    line, waits, slowed = person.socket(), [], 0
    sent: dict[str, float] = {}
    again: list[UUID] = []
    posts = share - share // READ_EVERY
    done = reads = posted = 0
    while done < posts:
        while len(sent) < IN_FLIGHT and (again or posted < posts):
            posted += not again
            at = time.monotonic()
            sent[str(line.post(again.pop() if again else None))] = at
        told = line.answer()
        if told["type"] == "accepted":
            waits.append(time.monotonic() - sent.pop(told["id"]))
            done += 1
        elif told["type"] == "refused":
            slowed += 1
            # A frame over the rate is refused unread: which one, only silence tells.
            again += [UUID(told["id"] or next(iter(sent)))]
            sent.pop(told["id"] or next(iter(sent)))
            time.sleep(PAUSE)
        else:
            line.close()
            line, again, sent = person.socket(), [*again, *map(UUID, sent)], {}
        while reads < done * (share - posts) // posts:
            reads, slowed = _read(person, reads, slowed)
    line.close()
    return waits, slowed


def _read(person: crowd.Person, reads: int, slowed: int) -> tuple[int, int]:
    try:
        person.read_case()
    except crowd.Refused as refused:
        if refused.code != "too-many":
            raise
        time.sleep(PAUSE)
        return reads, slowed + 1
    return reads + 1, slowed


def main() -> int:
    """Print conditions and figures; 0 if every act has its entry and the log is whole."""
    acts = int(os.environ.get("ACTS", "") or ACTS)
    before = os.getloadavg()
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    print(f"load before: {before[0]:.1f}; {acts} acts by {PEOPLE} people, two web processes\n")
    with full() as (place, casehub, _):
        tally = load(place, crowded(place, casehub), acts=acts)
    waits = sorted(tally.waits)
    print(f"acts acknowledged   {tally.acknowledged}")
    print(f"entries of them     {tally.entries}")
    print(f"acting              {tally.acting:.1f} s, {acts / tally.acting:.0f} acts/s")
    print(f"until all signed    {tally.signing:.1f} s more, counting included")
    print(f"a message's answer  median {1000 * statistics.median(waits):.0f} ms,", end=" ")
    print(f"99 % {1000 * waits[int(len(waits) * 0.99)]:.0f} ms")
    print(f"slowed by rates     {tally.slowed} times")
    print(f"load after          {os.getloadavg()[0]:.1f}\n\n{tally.verified}")
    return 0 if tally.acknowledged == tally.entries >= acts else 1


if __name__ == "__main__":
    sys.exit(main())
