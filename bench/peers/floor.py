"""What no server on these databases can be faster than: commits to PostgreSQL, raw publishing."""

from __future__ import annotations

import asyncio
import time

import psycopg
from redis.asyncio import Redis

from tools.region.postgres import Postgres
from tools.region.valkey import Valkey

from .figures import Figure, percentile
from .peer import BODY, pin, until

MEMBERS = (5, 10, 100)
ROWS = 64  # of one commit, where many share one


def _commits(postgres: Postgres, seconds: float, rows: int) -> tuple[float, float]:
    """Return the median of a commit of so many rows in ms, and rows a second."""
    with psycopg.connect(f"host={postgres.folder} dbname=postgres", autocommit=True) as line:
        line.execute("CREATE TABLE IF NOT EXISTS kept (id bigserial PRIMARY KEY, body bytea)")
        took, began = [], time.perf_counter()
        while time.perf_counter() - began < seconds:
            before = time.perf_counter()
            line.execute(
                "INSERT INTO kept (body) SELECT %s FROM generate_series(1, %s)",
                (b"c" * BODY, rows),
            )
            took.append(time.perf_counter() - before)
    return 1000 * percentile(took, 0.5), rows * len(took) / sum(took)


async def _published(url: str, members: int, seconds: float) -> float:
    """Return deliveries a second of a channel with so many who listen, nothing stored."""
    path = url.removeprefix("unix://")
    count = 0

    async def listen(ready: asyncio.Barrier) -> None:
        nonlocal count
        reader, writer = await asyncio.open_unix_connection(path, limit=1 << 22)
        writer.write(b"SUBSCRIBE room\r\n")
        for _ in range(6):
            await reader.readline()
        await ready.wait()
        size = len(b"*3\r\n$7\r\nmessage\r\n$4\r\nroom\r\n") + len(f"${BODY}\r\n") + BODY + 2
        held = 0
        while True:
            held += len(await reader.read(1 << 20))
            count += held // size
            held %= size

    ready = asyncio.Barrier(members + 1)
    tasks = [asyncio.create_task(listen(ready)) for _ in range(members)]
    async with asyncio.timeout(30):
        await ready.wait()
    sent, body = 0, b"c" * BODY
    async with Redis.from_url(url) as line:
        clock = asyncio.get_running_loop().time
        began = clock()
        while clock() - began < seconds:
            async with line.pipeline(transaction=False) as pipe:
                for _ in range(16):
                    pipe.publish("room", body)
                await pipe.execute()
            sent += 16
        await until(lambda: count >= sent * members, 30)
        took = clock() - began
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return count / took


def floor(server: set[int] | None, *, rounds: int, seconds: float) -> dict[str, Figure]:
    """Measure both, the databases on the server's core."""
    found: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    with Postgres(durable=True) as postgres, Valkey() as valkey:
        if server is not None:
            pin([postgres.pid, valkey.pid], server)
        for _ in range(rounds):
            middle, rate = _commits(postgres, seconds, 1)
            note("a commit of one message, median, ms", middle)
            note("messages a second, each with a commit", rate)
            note(f"messages a second, {ROWS} in a commit", _commits(postgres, seconds, ROWS)[1])
            for members in MEMBERS:
                rate = asyncio.run(_published(valkey.url, members, seconds))
                note(f"published deliveries a second, {members} listen", rate)
    return {name: Figure.of(values) for name, values in found.items()}
