"""When messages are sent: fixed before the run, so that a slow answer hides no queue (pure)."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """One room of a world, by its place there, and how many people are in it."""

    number: int
    members: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message: so many seconds after the beginning, by a member of a room."""

    at: float
    room: int
    member: int


def schedule(rooms: list[Room], *, per_second: float, seconds: float, seed: int) -> list[Arrival]:
    """
    Return arrivals that know nothing of each other (exponential gaps), drawn from `seed`.

    Their number is that of the mean, not a draw: every run measures as many.
    """
    chance = random.Random(seed)  # noqa: S311 - the same in every run
    count = max(1, round(per_second * seconds))
    gaps = [chance.expovariate(per_second) for _ in range(count)]
    stretch = seconds / sum(gaps)
    found, at = [], 0.0
    for gap in gaps:
        at += gap * stretch
        room = chance.choice(rooms)
        found.append(Arrival(at, room.number, chance.randrange(room.members)))
    return found
