"""
One per process: hears doorbells, reads new rows once, hands them to the process's own sockets.

A frame is built once for all readers of a thread. Who may have it is asked of the database for
every hand-over, not remembered, so a removed person's open socket gets nothing more. A doorbell
that was lost costs at most one heartbeat: heads go to every socket each 15 s.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from casehub.accounts import services as accounts_services
from casehub.accounts import sockets as accounts
from casehub.cases import queries as cases
from casehub.core.rates import refusals
from casehub.core.run import one_writer
from casehub.designations import sweeping as designations

from . import queries

log = logging.getLogger("casehub.switchboard")
HEARTBEAT = 15.0  # seconds
SWEEP = 3.0  # seconds between looks at whether sessions still live


def _tidy(now: datetime) -> None:
    """Write the counts of minutes that are over, and the end of sessions nobody came back to."""
    refusals.flush(now)
    with one_writer():
        accounts_services.end_expired_sessions(now=now)
    designations.sweep(now)


class Socket(Protocol):
    """What the switchboard needs of a consumer."""

    person: str
    account: str
    session: str

    async def push(self, frame: str) -> None:
        """Send a text frame."""

    async def drop(self, code: int) -> None:
        """Close the connection."""


def frame(**fields: Any) -> str:
    """Return a JSON text frame."""
    return json.dumps(fields, separators=(",", ":"), default=str)


class Switchboard:
    """Sockets by thread and person, and the tasks that serve them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._layer: Any = get_channel_layer()
        self._channel = ""
        self._readers: dict[UUID, set[Socket]] = defaultdict(set)
        self._persons: dict[str, set[Socket]] = defaultdict(set)
        self._sent: dict[UUID, int] = {}
        self._dirty: dict[UUID, None] = {}
        # By person and subject: a signal must not displace news of a case, or about another thing.
        self._rung: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._lock = asyncio.Lock()

    async def _start(self) -> None:
        if self._tasks:
            return
        self._channel = await self._layer.new_channel("switchboard")
        for work in (self._listen, self._serve, self._beat, self._sweep):
            self._tasks.append(asyncio.create_task(self._forever(work)))

    async def _forever(self, work: Callable[[], Any]) -> None:
        while True:
            try:
                await work()
            except Exception:  # one bad doorbell or a lost database must not silence the process
                log.exception("the switchboard's %s stumbled", work.__name__)
                await asyncio.sleep(0.5)

    async def join(self, socket: Socket) -> dict[str, int]:
        """Take a socket in; return the heads of its person's threads."""
        async with self._lock:
            await self._start()
            if not self._persons[socket.person]:
                for group in self._groups_of(socket):
                    await self._layer.group_add(group, self._channel)
            self._persons[socket.person].add(socket)
            return await self._seat(socket)

    @staticmethod
    def _groups_of(socket: Socket) -> tuple[str, str]:
        return f"person.{socket.person}", f"account.{socket.account}"

    async def _seat(self, socket: Socket) -> dict[str, int]:
        """Put a socket at the threads its person reads now; subscribe before reading heads."""
        threads = await database_sync_to_async(cases.circles_of)(socket.person)
        fresh = [t for t in threads if not self._readers[t]]
        for thread in fresh:
            await self._layer.group_add(f"thread.{thread}", self._channel)
        heads = await database_sync_to_async(queries.heads_of)(threads)
        for thread in threads:
            if thread in fresh or thread not in self._sent:
                self._sent[thread] = heads.get(str(thread), 0)
            self._readers[thread].add(socket)
        return heads

    async def leave(self, socket: Socket) -> None:
        """Let a socket go."""
        async with self._lock:
            for thread in [t for t, sockets in self._readers.items() if socket in sockets]:
                await self._unseat(socket, thread)
            sockets = self._persons.get(socket.person, set())
            sockets.discard(socket)
            if not sockets:
                self._persons.pop(socket.person, None)
                for group in self._groups_of(socket):
                    await self._layer.group_discard(group, self._channel)

    async def _unseat(self, socket: Socket, thread: UUID) -> None:
        self._readers[thread].discard(socket)
        if not self._readers[thread]:
            del self._readers[thread]
            self._sent.pop(thread, None)
            await self._layer.group_discard(f"thread.{thread}", self._channel)

    async def _listen(self) -> None:
        while True:
            event = await self._layer.receive(self._channel)
            if "thread" in event:
                self._dirty[UUID(event["thread"])] = None
            elif "session" in event:
                await self._end(str(event["session"]))
            elif "person" in event:
                self._rung[str(event["person"]), event.get("about", "")] = event.get("signal")
            self._wake.set()

    async def _serve(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            threads, self._dirty = list(self._dirty), {}
            rung, self._rung = self._rung, {}
            for (person, _), signal in rung.items():
                await self._tell(person, signal)
            for thread in threads:
                await self._hand_out(thread)

    async def _tell(self, person: str, signal: dict[str, Any] | None) -> None:
        if signal is not None:
            told = frame(**signal)
        else:
            told = frame(type="joined", thread=None)
            async with self._lock:
                # Asked under the lock: a seat for a socket that has left would never be given up.
                for socket in list(self._persons.get(person, ())):
                    await self._seat(socket)
        for socket in list(self._persons.get(person, ())):
            await socket.push(told)

    async def _hand_out(self, thread: UUID) -> None:
        if not self._readers.get(thread):
            return
        allowed = await database_sync_to_async(queries.audience)(thread)
        gone = [s for s in self._readers[thread] if s.person not in allowed]
        for socket in gone:
            async with self._lock:
                await self._unseat(socket, thread)
            await socket.push(frame(type="left", thread=str(thread)))
        while self._readers.get(thread):
            after = self._sent.get(thread, 0)
            entries = await database_sync_to_async(queries.entries_after)(thread, after)
            if not entries:
                return
            self._sent[thread] = entries[-1]["seq"]
            built = frame(type="entries", thread=str(thread), entries=entries)
            # Asked again for every page: a removal may have come between two.
            allowed = await database_sync_to_async(queries.audience)(thread)
            for socket in list(self._readers[thread]):
                if socket.person in allowed:
                    await socket.push(built)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            heads = await database_sync_to_async(queries.heads_of)(list(self._readers))
            for thread, head in heads.items():
                if head > self._sent.get(UUID(thread), head):
                    self._dirty[UUID(thread)] = None
            self._wake.set()
            for socket in {s for sockets in self._persons.values() for s in sockets}:
                mine = {t: h for t, h in heads.items() if socket in self._readers.get(UUID(t), ())}
                await socket.push(frame(type="heads", heads=mine))
            await database_sync_to_async(_tidy)(self._clock())

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            sessions = {s.session for sockets in self._persons.values() for s in sockets}
            if not sessions:
                continue
            alive = await database_sync_to_async(accounts.live_among)(sessions, self._clock())
            for session in sessions - alive:
                await self._end(session)

    async def _end(self, session: str) -> None:
        sockets = {s for group in self._persons.values() for s in group if s.session == session}
        for socket in sockets:
            await socket.drop(4401)
