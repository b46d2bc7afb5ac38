"""
One per process: hears doorbells, reads new rows once, hands them to the process's own sockets.

A frame is built once for all readers of a thread. Who may have it is asked of the database for
every hand-over, not remembered, so a removed person's open socket gets nothing more. A doorbell
that was lost costs at most one heartbeat: heads go to every socket each 15 s.

Whose access ended, the doorbell says at once; a look at the database every second finds out
without it. That look waits for nobody: not for the layer, not for the lock, not for the thread in
which everything else reads.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from itertools import chain
from typing import Any, Protocol
from uuid import UUID

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import DatabaseError, connection

from casehub.accounts import sockets as accounts
from casehub.cases import queries as cases
from casehub.core.doorbell import LayerOut, asked
from casehub.core.workers import Workers
from casehub.directory import queries as directory

from . import queries

log = logging.getLogger("casehub.switchboard")
HEARTBEAT = 15.0  # seconds
SWEEP = 1.0  # seconds between looks at whether sessions still live
AT_ONCE = 64  # threads that are asked for in one statement
LOOK = 3.0  # seconds that one look may take before the next one is begun beside it


def alive(sessions: set[str], now: datetime) -> set[str]:
    """
    Return those of these sessions that count and have a person who acts, in two statements.

    In a thread of its own, which keeps no connection from one look to the next.
    """
    try:
        accounts_of = accounts.live_among(sessions, now)
        acting = directory.reading_among(set(accounts_of.values()), now)
    finally:
        connection.close()
    return {session for session, account in accounts_of.items() if account in acting}


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
        # The same as _readers by socket: who leaves, and each heartbeat, must not cost a look at
        # everybody's threads.
        self._seats: dict[Socket, set[UUID]] = defaultdict(set)
        self._sent: dict[UUID, int] = {}
        self._dirty: dict[UUID, None] = {}
        self._stale: dict[UUID, None] = {}  # somebody must go from their groups
        # By person and subject: a signal must not displace news of a case, or about another thing.
        self._rung: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._typing: dict[UUID, set[str]] = {}  # who writes where, until it is passed on
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._lock = asyncio.Lock()
        # Groups that this process ought to hear, and those of them that the layer did not take.
        self._groups: set[str] = set()
        self._unheard: set[str] = set()
        self._looking = ThreadPoolExecutor(2, thread_name_prefix="sweep")
        # What is read for all sockets: two, so that who joins and who is handed news do not wait
        # for each other.
        self.ask = Workers("switchboard", 2)

    def _start(self) -> None:
        if self._tasks:
            return
        for work in (self._listen, self._serve, self._beat, self._sweep):
            self._tasks.append(asyncio.create_task(self._forever(work)))

    async def _forever(self, work: Callable[[], Any]) -> None:
        while True:
            try:
                await work()
            except LayerOut:
                await asyncio.sleep(0.5)
            except Exception:  # one bad doorbell or a lost database must not silence the process
                log.exception("the switchboard's %s stumbled", work.__name__)
                await asyncio.sleep(0.5)

    async def join(self, socket: Socket) -> dict[str, int]:
        """Take a socket in; return the heads of its person's threads."""
        # Found by the sweep from here on, whatever the rest has to wait for.
        self._persons[socket.person].add(socket)
        async with self._lock:
            await self._tune()
            self._start()
            for group in self._groups_of(socket):
                await self._hear(group)
            return await self._seat(socket)

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

    async def _seat(self, socket: Socket) -> dict[str, int]:
        """Put a socket at the threads its person reads now; subscribe before reading heads."""
        threads = await self.ask(cases.circles_of)(socket.person)
        fresh = [t for t in threads if not self._readers.get(t)]
        try:
            for thread in fresh:
                await self._hear(f"thread.{thread}")
            heads = await self.ask(queries.heads_of)(threads)
        except BaseException:  # nobody sits there, so that nobody's leaving would end it
            for thread in fresh:
                await self._ignore(f"thread.{thread}")
            raise
        for thread in threads:
            if thread in fresh or thread not in self._sent:
                self._sent[thread] = heads.get(str(thread), 0)
            self._readers[thread].add(socket)
            self._seats[socket].add(thread)
        return heads

    async def leave(self, socket: Socket) -> None:
        """Let a socket go."""
        async with self._lock:
            for thread in list(self._seats[socket]):
                await self._unseat(socket, thread)
            del self._seats[socket]
            sockets = self._persons.get(socket.person, set())
            sockets.discard(socket)
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

    async def _listen(self) -> None:
        while True:
            if not self._channel:
                async with self._lock:
                    await self._tune()
                if not self._channel:
                    raise LayerOut
            event = await self._layer.receive(self._channel)
            if "typing" in event:
                self._typing.setdefault(UUID(event["typing"]), set()).add(str(event["by"]))
            elif "thread" in event:
                self._dirty[UUID(event["thread"])] = None
                if event.get("look"):
                    self._stale[UUID(event["thread"])] = None
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
            stale, self._stale = list(self._stale), {}
            rung, self._rung = self._rung, {}
            typing, self._typing = self._typing, {}
            await self._tell_all(rung)
            # Before what they wrote, which ends it; what fails here holds back nothing else.
            with suppress(DatabaseError):
                for thread, writers in typing.items():
                    await self._pass_on(thread, writers)
            await self._hand_out(threads)
            for thread in stale:
                for socket in list(self._readers.get(thread, ())):
                    await socket.push(frame(type="look", thread=str(thread)))

    async def _tell_all(self, rung: dict[tuple[str, str], dict[str, Any] | None]) -> None:
        """Pass on signals, to whoever counts at this moment."""
        here = {person for person, _ in rung if self._persons.get(person)}
        if not here:
            return
        acting = await self.ask(directory.reading_persons)(here, self._clock())
        for (person, _), signal in rung.items():
            if person in acting:
                await self._tell(person, signal)

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

    async def _pass_on(self, thread: UUID, writers: set[str]) -> None:
        """Tell those who may read a thread now which others of them write in it."""
        if not self._readers.get(thread):
            return
        allowed = await self.ask(queries.audience)(thread)
        for person in sorted(writers & allowed):
            told = frame(type="typing", thread=str(thread), person=person)
            for socket in list(self._readers.get(thread, ())):
                if socket.person != person and socket.person in allowed:
                    await socket.push(told)

    async def _hand_out(self, threads: Sequence[UUID]) -> None:
        """
        Hand threads' new entries to those who may read them, page by page, each asked anew.

        What a database that is away did not answer is asked again, without a heartbeat.
        """
        turns = deque(threads[at : at + AT_ONCE] for at in range(0, len(threads), AT_ONCE))
        while turns:
            asked = [thread for thread in turns.popleft() if self._readers.get(thread)]
            if not asked:
                continue
            # Whoever sits down meanwhile is not judged by an answer that is older.
            here = {thread: list(self._readers[thread]) for thread in asked}
            after = {thread: self._sent.get(thread, 0) for thread in asked}
            try:
                found = await self.ask(queries.news_of)(after)
            except DatabaseError:
                self._dirty |= dict.fromkeys(chain(asked, *turns))
                self._wake.set()
                raise
            for thread in asked:
                await self._give(thread, found[thread], here[thread])
            more = [thread for thread in asked if found[thread].more]
            # Nobody waits behind a thread of which a page is not enough.
            turns.append([thread for thread in more if not found[thread].entries])
            turns.append([thread for thread in more if found[thread].entries])

    async def _give(self, thread: UUID, news: queries.News, here: Sequence[Socket]) -> None:
        """Hand one page to those of a thread who may read it; those who may not have left it."""
        for socket in [s for s in here if s.person not in news.audience]:
            async with self._lock:
                if socket in self._readers.get(thread, ()):
                    await self._unseat(socket, thread)
            await socket.push(frame(type="left", thread=str(thread)))
        if not news.entries or not self._readers.get(thread):
            return
        self._sent[thread] = news.entries[-1]["seq"]
        built = frame(type="entries", thread=str(thread), entries=news.entries)
        for socket in list(self._readers[thread]):
            if socket.person in news.audience:
                await socket.push(built)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            async with self._lock:
                for group in list(self._unheard):
                    await self._subscribe(group)
            heads = await self.ask(queries.heads_of)(list(self._readers))
            for thread, head in heads.items():
                if head > self._sent.get(UUID(thread), head):
                    self._dirty[UUID(thread)] = None
            self._wake.set()
            for socket in {s for sockets in self._persons.values() for s in sockets}:
                seats = {str(thread) for thread in self._seats.get(socket, ())}
                mine = {thread: heads[thread] for thread in seats & heads.keys()}
                await socket.push(frame(type="heads", heads=mine))

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            sessions = {s.session for sockets in self._persons.values() for s in sockets}
            if not sessions:
                continue
            look = sync_to_async(alive, thread_sensitive=False, executor=self._looking)
            limit = asyncio.timeout(LOOK)
            try:
                async with limit:
                    found = await look(sessions, self._clock())
            except TimeoutError:  # a slow database: the next look begins beside this one
                if not limit.expired():
                    raise  # a time of the database's own
                log.warning("a look at sessions took longer than %d s", LOOK)
                continue
            for session in sessions - found:
                await self._end(session)

    async def _end(self, session: str) -> None:
        """Close a session's sockets. What they are told from here on reaches nobody."""
        sockets = {s for group in self._persons.values() for s in group if s.session == session}
        for socket in sockets:
            await socket.drop(4401)
