"""
What the code as it is stands on besides one database, one Redis and one folder: tried, small.

`python -m bench.costs.tried` alone, and at the end of `make bench-costs`. A standby takes over
(standby.py); the table of events is divided; doorbells go over two servers; pieces of files lie in
another of Django's storages. Each is tried once, on one machine, with no load: it shows that a
thing can be, not how well it is.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.servers.casehub_server import Place
from tools.region.postgres import Postgres
from tools.region.valkey import Valkey

from .asking import name_of, told
from .standby import taken_over

GROUPS = 64


def _named(what: str, found: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((f"{what}: {name}", answer) for name, answer in found.items())


async def _over_two(urls: list[str]) -> tuple[int, list[int]]:
    from channels_redis.pubsub import RedisPubSubChannelLayer  # noqa: PLC0415

    one, other = (RedisPubSubChannelLayer(hosts=urls, prefix="casehub") for _ in range(2))
    channel = await one.new_channel("switchboard")
    groups = [f"thread.{uuid4()}" for _ in range(GROUPS)]
    for group in groups:
        await one.group_add(group, channel)
    for group in groups:
        await other.group_send(group, {"thread": group})
    heard = set()
    async with asyncio.timeout(10):
        while len(heard) < GROUPS:
            heard.add((await one.receive(channel))["thread"])
    shards = one._shards  # noqa: SLF001 - which group lies where is told nowhere else
    shares = [sum(name.startswith("casehub__group__") for name in s._subscribed_to) for s in shards]  # noqa: SLF001
    await one.flush()
    await other.flush()
    return len(heard), shares


def doorbells() -> Iterator[tuple[str, Any]]:
    """Ring from one process's layer to another's, over two servers."""
    with Valkey() as first, Valkey() as second:
        heard, shares = asyncio.run(_over_two([first.url, second.url]))
    said = f"{heard} of {GROUPS}, {shares[0]} and {shares[1]} on each"
    yield "doorbells over two servers: heard", said


def trials() -> Iterator[tuple[str, Any]]:
    """Try all of it; tell what was found, by name, as it is found."""
    yield from doorbells()
    with tempfile.TemporaryDirectory(prefix="casehub-tried-") as home:
        folders = [Path(home, name) for name in ("first", "second", "third", "fourth")]
        for folder in folders:
            folder.mkdir()
        yield from _named("another storage", told(Place("embedded", folders[0]), "store"))
        with Postgres(durable=True) as postgres:
            place = Place("full", folders[1], {"DATABASE_URL": postgres.url(postgres.create())})
            place.manage("migrate", "--verbosity", "0")
            copy = postgres.create(template=name_of(place))
            again = postgres.create(template=name_of(place))
            divided = Place("full", folders[2], {"DATABASE_URL": postgres.url(copy)})
            yield from _named("divided", told(divided, "divide"))
            yield from taken_over(postgres, place, waited_for=False)
            place = Place("full", folders[3], {"DATABASE_URL": postgres.url(again)})
            yield from taken_over(postgres, place, waited_for=True)


def tell() -> None:
    """Try everything and print what was found."""
    for name, answer in trials():
        print(f"  {name:68} {answer}", flush=True)


if __name__ == "__main__":
    tell()
