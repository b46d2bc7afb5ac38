"""A TCP line between browsers and a server on which everything takes long, some things longer."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

HERE = "127.0.0.1"
CHUNK = 1 << 16
WINDOW = 4  # pieces of one direction that are on their way at once
ONE_WAY = 0.3  # seconds: 600 ms there and back
LOSS = 0.08  # of the pieces, each what was read at once: a chunk at most
AGAIN = (0.3, 1.2)  # seconds until a lost piece comes again; what was sent after it waits behind it


class BadLine:
    """
    A port that leads to another one; honest until `spoil` is called.

    TCP hides a loss from whoever uses it and shows it as a wait: so does this. In the dark nothing
    arrives and nothing is refused, as behind an aerial that is gone; `cut` ends what is open
    besides, as an address that has changed.
    """

    def __init__(self, port: int, *, to: int, seed: int, at: str = HERE) -> None:
        self.port, self._at = port, at
        self._to = (HERE, to)
        self._chance = random.Random(seed)
        self._bad = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.pieces = self.lost = self.held = 0  # while it was bad; and in the dark

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def lead(self, port: int, *, host: str = HERE) -> None:
        """Lead to another port; what is open stays where it leads."""
        self._to = (host, port)

    def spoil(self) -> None:
        """Be bad from now on."""
        self._bad = True

    def mend(self) -> None:
        """Be honest again, from what is sent next."""
        self._bad = False

    @contextmanager
    def dark(self) -> Iterator[None]:
        """Let nothing over for as long as this lasts."""
        self._loop.call_soon_threadsafe(self._light.clear)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._light.set)

    def cut(self) -> int:
        """End every connection that is open; return about how many these are."""
        count = len(self._writers)
        self._loop.call_soon_threadsafe(self._abort)
        return count

    def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _open(self) -> None:
        self._light = asyncio.Event()
        self._light.set()
        self._server = await asyncio.start_server(self._taken, self._at, self.port)

    async def _close(self) -> None:
        self._server.close()
        self._abort()
        if self._tasks:  # whose ends are gone ends by itself; whoever waits in the dark does not
            await asyncio.wait(self._tasks, timeout=1)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._abort()

    async def _crossing(self) -> None:
        """Until something has come over."""
        if self._bad:
            self.pieces += 1
            await asyncio.sleep(ONE_WAY)
            while self._chance.random() < LOSS:
                self.lost += 1
                await asyncio.sleep(self._chance.uniform(*AGAIN))
        self.held += not self._light.is_set()
        await self._light.wait()

    async def _taken(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        ends = {back}
        self._writers |= ends
        try:
            await self._crossing()  # the handshake, there and back
            await self._crossing()
            far, there = await asyncio.open_connection(*self._to)
            ends.add(there)
            self._writers.add(there)
            async with asyncio.TaskGroup() as lanes:
                lanes.create_task(self._lane(near, there))
                lanes.create_task(self._lane(far, back))
        except* OSError:
            pass  # one end is gone, and the other one goes with it
        finally:
            self._writers -= ends
            for end in ends:
                end.transport.abort()

    async def _lane(self, near: asyncio.StreamReader, far: asyncio.StreamWriter) -> None:
        """Carry one direction, in order. More than a window waits for room on the line."""
        due: asyncio.Queue[tuple[bytes, asyncio.Task[None]]] = asyncio.Queue(WINDOW)
        async with asyncio.TaskGroup() as group:

            async def read() -> None:
                piece = b"-"
                while piece:
                    try:
                        piece = await near.read(CHUNK)
                    except ConnectionError:
                        piece = b""  # cut off: an end like any other
                    await due.put((piece, group.create_task(self._crossing())))

            group.create_task(read())
            piece = b"-"
            while piece:
                piece, crossing = await due.get()
                await crossing
                far.write(piece)
                await far.drain()
            with suppress(OSError):
                far.write_eof()
