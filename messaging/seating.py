"""
Who sits where: the sockets of this process by thread and person, and which doorbells it hears.

Whoever comes while others are seated is seated together with all who wait by then: after an outage
hundreds come at once, and each question of them is asked for all.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from itertools import chain, islice
from typing import Any, Protocol
from uuid import UUID

from channels.layers import get_channel_layer

from casehub.cases import queries as cases
from casehub.core.doorbell import LayerOut, asked
from casehub.core.workers import Workers

from . import queries

log = logging.getLogger("casehub.switchboard")
AT_ONCE = 64  # people who are seated by one question
MOST = 32  # sockets of one person in this process: each has what is written to all, in memory
TOO_MANY = 4429


class Socket(Protocol):
    """What the switchboard needs of a consumer."""

    person: str
    account: str
    session: str

    async def push(self, frame: str) -> None:
        """Send a text frame."""

    async def drop(self, code: int) -> None:
        """Close the connection."""


class Seating:
    """Sockets by thread and person."""

    def __init__(self) -> None:
        self._layer: Any = get_channel_layer()
        self._channel = ""
        self._readers: dict[UUID, set[Socket]] = defaultdict(set)
        self._persons: dict[str, dict[Socket, None]] = defaultdict(dict)  # the oldest first
        # The same as _readers by socket: who leaves, and each heartbeat, must not cost a look at
        # everybody's threads.
        self._seats: dict[Socket, set[UUID]] = defaultdict(set)
        self._sent: dict[UUID, int] = {}
        self._lock = asyncio.Lock()
        self._coming: dict[Socket, asyncio.Future[queries.Standing]] = {}  # who waits for a seat
        self._leaving: set[asyncio.Task[None]] = set()
        # Groups that this process ought to hear, and those of them that the layer did not take.
        self._groups: set[str] = set()
        self._unheard: set[str] = set()
        # What is read for all sockets: two, so that who joins and who is handed news do not wait
        # for each other.
        self.ask = Workers("switchboard", 2)

    def _start(self) -> None:
        """Begin to serve those who sit here."""

    async def join(self, socket: Socket) -> queries.Standing:
        """Take a socket in; return how its person's threads stand."""
        # Found by the sweep from here on, whatever the rest has to wait for.
        mine = self._persons[socket.person]
        mine[socket] = None
        for oldest in list(mine)[:-MOST]:
            await oldest.drop(TOO_MANY)
        seat: asyncio.Future[queries.Standing] = asyncio.get_running_loop().create_future()
        self._coming[socket] = seat
        try:
            async with self._lock:
                while not seat.done():
                    await self._seat()
            return await seat
        finally:  # who goes meanwhile waits no longer
            del self._coming[socket]

    @staticmethod
    def _groups_of(socket: Socket) -> tuple[str, str]:
        return f"person.{socket.person}", f"account.{socket.account}"

    async def _tune(self) -> None:
        """Ask the layer for a channel of this process's own, unless there is one."""
        if self._channel:
            return
        try:
            self._channel = await asked(self._layer.new_channel("switchboard"))
        except LayerOut:
            log.warning("no doorbells are heard")

    async def _hear(self, group: str) -> None:
        """Subscribe; without the layer the group waits, and heartbeat and sweep do its work."""
        if group in self._groups:
            return
        self._groups.add(group)
        await self._subscribe(group)

    async def _subscribe(self, group: str) -> None:
        self._unheard.add(group)
        if not self._channel:
            return
        with suppress(LayerOut):
            await asked(self._layer.group_add(group, self._channel))
            self._unheard.discard(group)

    async def _ignore(self, group: str) -> None:
        self._groups.discard(group)
        self._unheard.discard(group)
        if not self._channel:
            return
        with suppress(LayerOut):
            await asked(self._layer.group_discard(group, self._channel))

    async def _seat(self) -> None:
        """Put those who wait at the threads they read now; subscribe before reading heads."""
        waiting = ((socket, seat) for socket, seat in self._coming.items() if not seat.done())
        coming = dict(islice(waiting, AT_ONCE))
        try:
            await self._tune()
            self._start()
            for group in chain.from_iterable(map(self._groups_of, coming)):
                await self._hear(group)
            found = await self._seated(coming)
        except Exception as error:  # noqa: BLE001 - told to each who waits
            for seat in coming.values():
                seat.set_exception(error)
                seat.exception()  # who has gone meanwhile does not ask for it
            return
        for socket, seat in coming.items():
            seat.set_result(found[socket.person])

    async def _seated(self, coming: Collection[Socket]) -> dict[str, queries.Standing]:
        """Put sockets at the threads they read now; return how these stand, by person."""
        circles = await self.ask(cases.circles_of_each)({socket.person for socket in coming})
        threads = dict.fromkeys(chain.from_iterable(circles.values()))
        fresh = [thread for thread in threads if not self._readers.get(thread)]
        try:
            for thread in fresh:
                await self._hear(f"thread.{thread}")
            found = await self.ask(queries.standings_of)(circles)
            for socket in coming:  # who has gone meanwhile waits for the lock, and leaves it again
                for thread in circles[socket.person]:
                    if not self._readers.get(thread):
                        self._sent[thread] = found[socket.person].heads.get(str(thread), 0)
                    self._readers[thread].add(socket)
                    self._seats[socket].add(thread)
        finally:  # where nobody sits, nobody's leaving would end it
            for thread in fresh:
                if not self._readers.get(thread):
                    await self._ignore(f"thread.{thread}")
        return found

    def let_go(self, socket: Socket) -> asyncio.Task[None]:
        """Begin to let a socket go; whoever waits for it may give up, it comes to its end."""
        leaving = asyncio.create_task(self.leave(socket))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        return leaving

    async def leave(self, socket: Socket) -> None:
        """Let a socket go."""
        async with self._lock:
            for thread in list(self._seats[socket]):
                await self._unseat(socket, thread)
            del self._seats[socket]
            sockets = self._persons.get(socket.person, {})
            sockets.pop(socket, None)
            if not sockets:
                self._persons.pop(socket.person, None)
                for group in self._groups_of(socket):
                    await self._ignore(group)

    async def _unseat(self, socket: Socket, thread: UUID) -> None:
        self._readers[thread].discard(socket)
        self._seats[socket].discard(thread)
        if not self._readers[thread]:
            del self._readers[thread]
            self._sent.pop(thread, None)
            await self._ignore(f"thread.{thread}")
