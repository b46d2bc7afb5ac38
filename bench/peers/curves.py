"""How cost grows: with members, rooms, processes, and the length of the log."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Sequence

from . import driver, peer
from .arrivals import Room
from .conditions import Halves, setting
from .figures import Untold
from .goals import OURS, TWO
from .ours import Ours
from .results import Run

MEMBERS = (2, 5, 10, 25, 50, 100)
ROOMS = (1, 10, 50, 200)
OF_TWO = 2  # members of each of these rooms
ENTRIES = (10_000, 100_000, 1_000_000)
OF_TEN = 10


def _load(numbers: Sequence[int], members: int) -> driver.Load:
    return driver.Load("curve", tuple(Room(number, members) for number in numbers), 20)


async def _point(server: Ours, load: driver.Load, sizes: driver.Sizes) -> dict[str, float]:
    ledger = driver.Ledger()
    lines = await driver.connected(server, load.rooms, ledger)
    try:
        await driver.waits(server, load, lines, ledger, driver.Sizes(seconds=1), 0)
        found = await driver.most(server, load, lines, ledger, sizes)
    finally:
        await driver.closed(lines)
    members = load.rooms[0].members
    return {
        "deliveries/s": found["deliveries/s"],
        "CPU ms a message": found["CPU s"],
        "CPU ms a delivery": found["CPU s"] / members,
    }


def _serve(
    server: Ours, world: Sequence[int], halves: Halves, loads: dict[int, driver.Load],
    sizes: driver.Sizes,
) -> dict[int, dict[str, float]]:  # fmt: skip
    """Return what each load came to; one that cannot be told is left out, with a word."""
    found = {}
    try:
        server.start(world)
        with peer.shared(server, halves):
            for number, load in loads.items():
                try:
                    found[number] = asyncio.run(_point(server, load, sizes))
                except (Untold, TimeoutError, OSError) as why:
                    print(f"    {number}: not told: {why}", flush=True)
    except (RuntimeError, OSError, subprocess.SubprocessError) as why:
        print(f"    did not start: {str(why)[-600:]}", flush=True)
    finally:
        server.stop()
    return found


def draw(run: Run, sizes: driver.Sizes, halves: Halves) -> None:
    """Measure the curves, one round each."""
    print(f"curves  (load {os.getloadavg()[0]:.1f})", flush=True)
    world = [*MEMBERS, *[OF_TWO] * max(ROOMS)]
    members = {n: _load([place], n) for place, n in enumerate(MEMBERS)}
    found = _serve(Ours(OURS, processes=1), world, halves, members, sizes)
    run.curves["One room, by members"] = [{"members": n} | one for n, one in found.items()]
    first = len(MEMBERS)
    rooms = {n: _load(range(first, first + n), OF_TWO) for n in ROOMS}
    found = _serve(Ours(OURS, processes=1), world, halves, rooms, sizes)
    run.curves["Rooms of two, by rooms"] = [{"rooms": n} | one for n, one in found.items()]
    _processes(run)
    points = []
    for entries in ENTRIES:
        if entries > setting("ENTRIES", max(ENTRIES)):
            continue
        print(f"  a log of {entries:,} entries  (load {os.getloadavg()[0]:.1f})", flush=True)
        server = Ours(OURS, processes=1, entries=entries)
        found = _serve(server, [OF_TEN], halves, {entries: _load([0], OF_TEN)}, sizes)
        points += [{"entries": n} | one for n, one in found.items()]
    run.curves["One room of ten, by entries of the log"] = points


def _processes(run: Run) -> None:
    """Put one process beside two, as the table has them."""
    points = []
    for count, name in ((1, OURS), (2, TWO)):
        found = run.of(name)
        if found is None or not found.figure("S2", "deliveries/s").known:
            continue
        cost = found.figure("S2", "CPU s").middle
        points.append(
            {
                "processes": count,
                "deliveries/s": found.figure("S2", "deliveries/s").middle,
                "CPU ms a message": cost,
                "CPU ms a delivery": cost / OF_TEN,
            }
        )
    if points:
        run.curves["S2, by processes"] = points
