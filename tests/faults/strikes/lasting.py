"""What lasts: the layer and the database away for long, a line dead both ways, forged doorbells."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from channels_redis.pubsub import RedisPubSubChannelLayer

from tests.faults.excuses import NO_DATABASE, NO_LAYER
from tests.faults.fault import Fault
from tests.faults.ground import ADMIN, Ground, Missed
from tests.faults.strikes.databases import one_ended
from tests.faults.strikes.ending import away, paused

FORGING = 5.0  # seconds
NOTICED = 45.0  # seconds in which a page knows that its line is dead
ENDED = 60  # backends, one a second


def _backends_ended(ground: Ground, chance: random.Random) -> float:
    ended = 0
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        for _ in range(ENDED):
            ended += one_ended(connection, chance)
            time.sleep(1)
    if ended < ENDED // 2:
        raise Missed(f"only {ended} backends were there to be ended")
    return time.monotonic()


def _half_open(ground: Ground, _: random.Random) -> float:
    """Nothing comes any more, and nothing ends: as where a router has forgotten the connection."""
    clients = [member.client for member in ground.room.members]
    heard = [len(client.events) for client in clients]
    with ground.line.dark():
        time.sleep(NOTICED)
        told = zip(clients, heard, strict=True)
        deaf = sum(not _lost(client.events[since:]) for client, since in told)
    if deaf:
        ground.noticed.append(f"{deaf} clients believe in their line after {NOTICED:.0f} s")
    return time.monotonic()


def _lost(events: list[dict[str, Any]]) -> bool:
    told = (one["state"] for one in events if one.get("event") == "connection")
    return any(state != "online" for state in told)


def _forged(ground: Ground, chance: random.Random) -> float:
    """Whoever holds the layer's password rings whatever they like, as fast as they can."""
    if not (sent := asyncio.run(_ring(ground, chance))):
        raise Missed("nothing was rung")
    print(f"      {sent} doorbells were forged", flush=True)  # noqa: T201 - how hard it was struck
    return time.monotonic()


async def _ring(ground: Ground, chance: random.Random) -> int:
    host = f"redis://{ADMIN}:any@127.0.0.1:{ground.region.ports['redis']}"
    layer = RedisPubSubChannelLayer(hosts=[host], prefix="casehub")
    until, sent = time.monotonic() + FORGING, 0
    forged = list(_lies(ground))
    while time.monotonic() < until:
        group, event = chance.choice(forged)
        await layer.group_send(group, {"type": "doorbell", **event})
        sent += 1
    await layer.flush()
    return sent


def _lies(ground: Ground) -> Iterator[tuple[str, dict[str, Any]]]:
    """Doorbells that are none: other kinds, other types, other people's, and far too long."""
    thread = ground.room.thread
    entry = {"seq": 10**6, "kind": "message", "id": thread, "body": "AAAA"}
    frames: list[Any] = [
        {"type": "entries", "thread": thread, "entries": [entry]},
        {"type": "accepted", "id": thread, "thread": thread, "seq": 10**6, "chain": "AAAA"},
        {"type": "left", "thread": thread},
        {"type": "read", "thread": thread, "seq": 10**6},
        {"type": "marks", "thread": thread},
        {"type": "request", "request": "x" * 100_000},
        ["no frame"],
        7,
    ]
    for member in ground.room.members:
        for frame in frames:
            yield f"person.{member.person}", {"person": member.person, "signal": frame}
    for event in ({"thread": thread}, {"thread": "none"}, {"thread": 7}, {"session": [thread]}):
        yield f"thread.{thread}", event
    yield f"thread.{thread}", {"typing": thread, "by": "nobody"}


FAULTS = (
    Fault(
        "redis-away",
        "SIGKILL of Redis, which is back after a minute",
        away("redis", signal.SIGKILL, (60, 60)),
        NO_LAYER,
    ),
    Fault("redis-frozen", "SIGSTOP of Redis for 10 s", paused(("redis",), (10, 10)), NO_LAYER),
    Fault(
        "redis-forged",
        f"doorbells that are none, as fast as one can ring them for {FORGING:.0f} s: forged"
        " deliveries, receipts, marks and ends, other types, 100 KB",
        _forged,
    ),
    Fault(
        "postgres-away",
        "PostgreSQL stops at once (immediate), and is back after 10 to 20 s",
        away("postgres", signal.SIGQUIT, (10, 20)),
        NO_DATABASE,
    ),
    Fault(
        "backends-ended-long",
        "pg_terminate_backend of a random backend, each second for a minute",
        _backends_ended,
        NO_DATABASE,
    ),
    Fault(
        "line-half-open",
        f"nothing comes over the line for {NOTICED:.0f} s, and nothing ends; each client knows it"
        " by then",
        _half_open,
    ),
)
