"""The line between clients and the edge: cut, dark, bad."""

from __future__ import annotations

import random
import time

from tests.faults.fault import Fault
from tests.faults.ground import Ground, Missed
from tests.faults.strikes.returning import all_back


def _cut(ground: Ground, _: random.Random) -> float:
    with all_back(ground):
        if not ground.line.cut():
            raise Missed("no connection was open")
        return time.monotonic()  # the moment of the cut; then it is waited


def _dark(ground: Ground, chance: random.Random) -> float:
    held = ground.line.held
    with ground.line.dark():
        time.sleep(chance.uniform(2, 8))
    if ground.line.held == held:
        raise Missed("nothing was on its way in the dark")
    return time.monotonic()


def _bad(ground: Ground, chance: random.Random) -> float:
    pieces = ground.line.pieces
    ground.line.spoil()
    try:
        time.sleep(chance.uniform(4, 8))
    finally:
        ground.line.mend()
    if ground.line.pieces == pieces:
        raise Missed("nothing was on its way over a bad line")
    return time.monotonic()


FAULTS = (
    Fault("line-cut", "every connection of every client is cut", _cut),
    Fault("line-dark", "nothing comes over the line for 2 to 8 s, and nothing ends", _dark),
    Fault(
        "line-bad",
        "for 4 to 8 s everything takes 600 ms there and back, 8 % of it up to 1.2 s more",
        _bad,
    ),
)
