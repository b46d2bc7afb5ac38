"""
Everybody under the same load, in one table: `make bench-peers`.

    make bench-peers                                 all of it, some forty minutes
    PEERS="CaseHub full x1,ejabberd" make bench-peers    only these
    ROUNDS=1 SECONDS=3 make bench-peers              a look

Servers have one core, the driver has the other. Every message is durable and goes to all members; a
part in which something was acknowledged and did not arrive is not told, and the run fails. Figures
are compared within one run: the machine and what else it did stand above the table, which goes to
docs/benchmarks.md as well with WRITE=1.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

from . import conditions, curves, driver, floor, peer, writing
from .arrivals import Room
from .ejabberd import Ejabberd
from .figures import Untold, summed
from .goals import OURS, SMALL, TWO
from .naive import Naive
from .ours import Ours
from .peer import Peer
from .prosody import Prosody
from .results import PARTS, Found, Run
from .synapse import Synapse
from .table import text

WORLD = [5] * 4 + [10] * 20 + [100] + [2]
_ROOMS = [Room(number, members) for number, members in enumerate(WORLD)]
LOADS = (
    driver.Load("S1", tuple(_ROOMS[:4]), 20),
    driver.Load("S2", tuple(_ROOMS[4:24]), 20),
    driver.Load("S3", tuple(_ROOMS[24:25]), 5),
)
LONG = _ROOMS[25]
PEERS: dict[str, Callable[[], Peer]] = {
    SMALL: lambda: Ours(SMALL),
    OURS: lambda: Ours(OURS, processes=1),
    TWO: lambda: Ours(TWO, processes=2),
    "Synapse": Synapse,
    "Prosody": Prosody,
    "ejabberd": Ejabberd,
    "naive Channels": Naive,
}


def chosen() -> list[str]:
    """
    Return who is to be measured.

    :raises SystemExit: if PEERS names somebody who is not there.
    """
    named = [one.strip() for one in os.environ.get("PEERS", "").split(",") if one.strip()]
    unknown = set(named) - PEERS.keys()
    if unknown:
        raise SystemExit(f"no {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    return named or list(PEERS)


async def _parts(server: Peer, found: Found, sizes: driver.Sizes) -> None:
    async def part(name: str, rounds: Callable[[], object]) -> None:
        print(f"  {PARTS[name]}  (load {os.getloadavg()[0]:.1f})", flush=True)
        try:
            found.figures[name] = summed(await rounds())  # type: ignore[misc]
        except (Untold, TimeoutError, OSError) as why:
            found.untold[name] = str(why) or type(why).__name__
            print(f"    not told: {found.untold[name]}", flush=True)

    # First, while nothing has grown yet that idle lines could find there.
    await part("S4", lambda: driver.idling(server, LOADS[1].rooms, sizes))
    for load in LOADS:
        await part(load.name, lambda load=load: driver.measured(server, load, sizes))
    await part("reading", lambda: driver.reading(server, LONG, sizes))


def measure(server: Peer, run: Run, sizes: driver.Sizes, halves: conditions.Halves) -> None:
    """Start a server, measure all parts, end it; what is there when it is stopped, is kept."""
    print(f"{server.name}: starting", flush=True)
    found = Found(server.name, server.versions(), server.notes)
    try:
        server.start(WORLD)
        run.found.append(found)
        before = os.getloadavg()[0]
        try:
            with peer.shared(server, halves):
                asyncio.run(_parts(server, found, sizes))
        finally:
            found.load = (before, os.getloadavg()[0])
    finally:
        server.stop()


def _servers(
    run: Run, names: Sequence[str], sizes: driver.Sizes, halves: conditions.Halves
) -> None:
    for name in names:
        server = PEERS[name]()
        why = server.missing()
        if why:
            run.left_out[name] = why
            print(f"{name}: left out: {why}", flush=True)
            continue
        try:
            measure(server, run, sizes, halves)
        except (RuntimeError, OSError, TimeoutError, subprocess.SubprocessError) as error:
            run.left_out[name] = f"did not start: {str(error)[-600:]}"
            print(f"{name}: {run.left_out[name]}", flush=True)
    for name in PEERS.keys() - set(names):
        run.left_out[name] = "not asked for"


def main() -> int:
    """Measure, print, write; 0 if everything that was acknowledged has arrived."""
    sizes, halves = conditions.sizes(), peer.halves()
    run = Run(conditions.told(sizes, halves))
    names = chosen()
    # Whoever stops the run gets what there is so far, and every server ends.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _all(run, names, sizes, halves)
        stopped = False
    except KeyboardInterrupt:
        stopped = True
        for name in PEERS:
            if run.of(name) is None:
                run.left_out.setdefault(name, "the run was stopped before")
    print("\n" + text(run))
    if os.environ.get("WRITE") == "1" and run.found:
        writing.write(run, flying=driver.FLYING)
    return int(stopped or any(one.untold for one in run.found))


def _all(run: Run, names: Sequence[str], sizes: driver.Sizes, halves: conditions.Halves) -> None:
    if conditions.wants("FLOOR"):
        print("the floor", flush=True)
        run.floor = floor.floor(
            halves and halves[0], rounds=sizes.rounds, seconds=sizes.seconds / 4
        )
    _servers(run, names, sizes, halves)
    if conditions.wants("CURVES"):
        curves.draw(run, sizes, halves)


if __name__ == "__main__":
    sys.exit(main())
