"""The packets between clients and the edge: late, lost, overtaken, doubled."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.fault import Fault
from tests.faults.ground import Ground, Missed
from tests.faults.strikes.returning import all_back
from tests.servers.bad_line import HERE, BadLine
from tests.servers.bad_packets import BadPackets
from tools.region.private import spare_port


@contextmanager
def _on_the_road(ground: Ground, chance: random.Random) -> Iterator[BadPackets]:
    """Lead every client's line over packets that can be spoiled, and back again."""
    port = spare_port()
    with (
        BadPackets(chance.randrange(2**31)) as road,
        BadLine(port, to=ground.region.door, seed=1, at=road.near),
    ):
        _anew(ground, port, host=road.far)
        try:
            yield road
        finally:
            road.mend()
            _anew(ground, ground.region.door)


def _anew(ground: Ground, port: int, *, host: str = HERE) -> None:
    ground.line.lead(port, host=host)
    with all_back(ground):
        ground.line.cut()


def _bad(ground: Ground, chance: random.Random) -> float:
    road: BadPackets = ground.beside
    road.spoil()
    try:
        time.sleep(chance.uniform(4, 8))
    finally:
        road.mend()
    if not (road.lost and road.overtook and road.doubled):
        told = f"of {road.passed} {road.lost} were lost, {road.overtook} overtook"
        raise Missed(f"the packets fared too well: {told}, {road.doubled} came twice")
    return time.monotonic()


FAULTS = (
    Fault(
        "packets-bad",
        "for 4 to 8 s packets take 300 ms there and back, give or take 100; 5 % are lost, 25 %"
        " overtake others, 1 % come twice",
        _bad,
        needs="mounts",
        around=_on_the_road,
    ),
)
