"""Who sends a byte a second, of headers or of a body: to the web, and to the edge before it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Iterator
from itertools import cycle

import pytest

from casehub.edge import limits
from tests.servers.front import Front

EACH = 400  # as many as send headers slowly, and as many as send a body
PAUSE = 1.0  # seconds from one byte to the next
CLOSED = 15.0  # seconds after a connection was opened, whoever has it
HEAD = b" HTTP/1.1\r\nHost: localhost\r\n"
THREAD = b"POST /api/threads/3f0e7a52-8f8b-4a9e-9a73-51b1e1e4ab01" + HEAD
HEADERS = b"GET /" + HEAD + b"X: "
BODIES = (
    b"POST /api/sign-in/password" + HEAD + b"Content-Length: 60000\r\n\r\n",
    THREAD + b"Content-Length: 1000000\r\n\r\n",  # a door that takes much
    b"POST /api/session" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
)
SLOWLY = 24 * limits.KIB  # bytes a second of somebody with a bad line: less than files want
LONG = 13  # seconds of them: longer than anybody has who sends nothing


async def slow(port: int, begun: bytes, number: int) -> float:
    """Send a byte a second until the other end closes; return after how many seconds it did."""
    address = f"127.0.{30 + number % 40}.1"
    opened = time.monotonic()
    heard, own = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    piece = b"1\r\na\r\n" if b"chunked" in begun else b"a"
    try:
        own.write(begun)
        while time.monotonic() - opened < 2 * limits.BODY_SECONDS:
            own.write(piece)
            await own.drain()
            try:
                if await asyncio.wait_for(heard.read(65536), PAUSE) == b"":
                    break
            except TimeoutError:
                continue
    except OSError:  # a reset is an end too
        pass
    finally:
        own.transport.abort()
    return time.monotonic() - opened


async def honest(port: int) -> bytes:
    """Send a large body slowly, as a bad line does, and return how the answer begins."""
    heard, own = await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.9.1", 0))
    own.write(THREAD + f"Connection: close\r\nContent-Length: {SLOWLY * LONG}\r\n\r\n".encode())
    for _ in range(LONG):
        own.write(b"x" * SLOWLY)
        await own.drain()
        await asyncio.sleep(1)
    answer = await heard.read()
    own.close()
    return answer[:12]


async def looks(port: int, ended: asyncio.Event) -> list[bytes]:
    """Ask for a page again and again, and return how each answer begins."""
    found = []
    while not ended.is_set():
        heard, own = await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.8.1", 0))
        own.write(b"GET /acceso" + HEAD + b"Connection: close\r\n\r\n")
        found.append((await asyncio.wait_for(heard.read(), 5))[:12])
        own.close()
        await asyncio.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def front(edge) -> Iterator[Front]:
    with Front(edge.port, tls=False) as running:
        yield running


async def test_are_cut_off_and_hold_up_nobody_while_a_bad_line_gets_through(edge, front):
    kinds = cycle(BODIES)
    ports = {front.ports["edge"]: EACH, edge.port: 20}
    wanted: list[Awaitable[float]] = []
    for port, each in ports.items():
        wanted += [slow(port, HEADERS, number) for number in range(each)]
        wanted += [slow(port, next(kinds), number) for number in range(each)]
    ended = asyncio.Event()
    page = asyncio.create_task(looks(front.ports["edge"], ended))
    lines = [asyncio.create_task(honest(port)) for port in ports]
    took = await asyncio.gather(*wanted)
    answered = await asyncio.gather(*lines)
    ended.set()
    assert max(took) <= CLOSED
    assert min(took) >= limits.HEADER_SECONDS - 1  # and nobody sooner
    assert set(answered) == {b"HTTP/1.1 200"}
    assert set(await page) == {b"HTTP/1.1 200"}
