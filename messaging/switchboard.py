"""
One per process: hears doorbells, reads new rows once, hands them to the process's own sockets.

A frame is built once for all readers of a thread. Who may have it is asked of the database for
every hand-over, not remembered, so a removed person's open socket gets nothing more. A doorbell
that was lost costs at most one heartbeat: each 15 s heads go to every socket, and whoever was let
in meanwhile is given a seat.

Whose access ended, the doorbell says at once; a look at the database every second finds out
without it. That look waits for nobody: not for the layer, not for the lock, not for the thread in
which everything else reads.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import Error, connection

from casehub.accounts import sockets as accounts
from casehub.cases import queries as cases
from casehub.core import metrics
from casehub.core.doorbell import LayerOut
from casehub.directory import queries as directory

from . import doorbells, queries
from .seating import Seating, Socket

log = logging.getLogger("casehub.switchboard")
HEARTBEAT = 15.0  # seconds
SWEEP = 1.0  # seconds between looks at whether sessions still live
SOON = 0.05  # at least; a doorbell brings the next one, and nobody can have them all the time
AT_ONCE = 64  # threads that are asked for in one statement
LOOK = 3.0  # seconds that one look may take before the next one is begun beside it
LOOKS = 2  # at once; each has a thread


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


def frame(**fields: Any) -> str:
    """Return a JSON text frame."""
    return json.dumps(fields, separators=(",", ":"), default=str)


class Switchboard(Seating):
    """Sockets by thread and person, and the tasks that serve them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock
        self._dirty: dict[UUID, None] = {}
        self._stale: dict[UUID, None] = {}  # somebody must go from their groups
        self._rung: dict[doorbells.News, None] = {}  # of each as often as it is rung, the last
        self._typing: dict[UUID, set[str]] = {}  # who writes where, until it is passed on
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()  # a session may be over: the next look comes at once
        self._tasks: list[asyncio.Task[None]] = []
        self._looking = ThreadPoolExecutor(LOOKS, thread_name_prefix="sweep")
        self._looks: set[asyncio.Task[None]] = set()  # that have not come back

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

    async def _listen(self) -> None:
        while True:
            if not self._channel:
                async with self._lock:
                    await self._tune()
                if not self._channel:
                    raise LayerOut
            try:
                event = await self._layer.receive(self._channel)
            except (TypeError, ValueError):  # no event: whoever holds the layer's password
                metrics.doorbells.labels("unknown").inc()
                await asyncio.sleep(0)
            else:
                self._hear_bell(event)

    def _hear_bell(self, event: Mapping[str, Any]) -> None:
        match doorbells.heard(event):
            case doorbells.Typing(thread, by):
                self._typing.setdefault(thread, set()).add(by)
            case doorbells.Grown(thread, stale):
                self._dirty[thread] = None
                if stale:
                    self._stale[thread] = None
            case doorbells.Over():
                self._hurry.set()  # the look finds whose, and whether it is true
                return
            case doorbells.News() as news:
                self._rung[news] = None
            case None:
                metrics.doorbells.labels("unknown").inc()
                return
        self._wake.set()

    async def _serve(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            threads, self._dirty = list(self._dirty), {}
            stale, self._stale = list(self._stale), {}
            rung, self._rung = self._rung, {}
            typing, self._typing = self._typing, {}
            try:
                await self._tell_all(list(rung))
                rung = {}
                # Before what they wrote, which ends it; what fails here holds back nothing else.
                with suppress(Error):
                    for thread, writers in typing.items():
                        await self._pass_on(thread, writers)
                await self._hand_out(threads)
            except Error:  # a database that is away is asked for all of it again, at once
                self._rung |= rung
                self._dirty |= dict.fromkeys(threads)
                self._stale |= dict.fromkeys(stale)
                self._wake.set()
                raise
            for thread in stale:
                for socket in list(self._readers.get(thread, ())):
                    await socket.push(frame(type="look", thread=str(thread)))

    async def _tell_all(self, rung: Sequence[doorbells.News]) -> None:
        """Pass on news, to whoever counts at this moment."""
        here = {one.person for one in rung if self._persons.get(one.person)}
        if not here:
            return
        acting = await self.ask(directory.reading_persons)(here, self._clock())
        told = [one for one in rung if one.person in acting]
        marked = {one.person: () for one in told if one.kind == doorbells.MARKS}
        marks = await self.ask(queries.standings_of)(marked) if marked else {}
        for news in told:
            if news.kind == doorbells.CASES:
                await self._reseat(news.person)
            elif news.kind != doorbells.MARKS:
                await self._tell(news.person, news.frame)
            elif mark := marks[news.person].mark(str(news.about)):
                await self._tell(news.person, mark)

    async def _reseat(self, person: str) -> None:
        async with self._lock:
            # Asked under the lock: a seat for a socket that has left would never be given up.
            await self._seated(list(self._persons.get(person, ())))
        await self._tell(person, {"type": "joined", "thread": None})

    async def _tell(self, person: str, told: Mapping[str, Any]) -> None:
        built = frame(**told)
        for socket in list(self._persons.get(person, ())):
            await socket.push(built)

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
        """Hand threads' new entries to those who may read them, page by page, each asked anew."""
        turns = deque(threads[at : at + AT_ONCE] for at in range(0, len(threads), AT_ONCE))
        while turns:
            asked = [thread for thread in turns.popleft() if self._readers.get(thread)]
            if not asked:
                continue
            # Whoever sits down meanwhile is not judged by an answer that is older.
            here = {thread: list(self._readers[thread]) for thread in asked}
            after = {thread: self._sent.get(thread, 0) for thread in asked}
            found = await self.ask(queries.news_of)(after)
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
            await self._let_in()
            heads = await self.ask(queries.heads_of)(list(self._readers))
            for thread, head in heads.items():
                if head > self._sent.get(UUID(thread), head):
                    self._dirty[UUID(thread)] = None
            self._wake.set()
            for socket in {s for sockets in self._persons.values() for s in sockets}:
                seats = {str(thread) for thread in self._seats.get(socket, ())}
                mine = {thread: heads[thread] for thread in seats & heads.keys()}
                await socket.push(frame(type="heads", heads=mine))

    async def _let_in(self) -> None:
        """Seat whoever was let in to a thread and was not told."""
        here = set(self._persons)
        circles = await self.ask(cases.circles_of_each)(here) if here else {}
        for person, mine in circles.items():
            sockets = self._persons.get(person, {}).keys() - self._coming.keys()
            if any(not self._seats.get(one, set()).issuperset(mine) for one in sockets):
                await self._reseat(person)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SOON)
            with suppress(TimeoutError):
                async with asyncio.timeout(SWEEP - SOON):
                    await self._hurry.wait()
            self._hurry.clear()
            sessions = {s.session for sockets in self._persons.values() for s in sockets}
            if not sessions:
                continue
            if len(self._looks) < LOOKS:
                look = asyncio.create_task(self._look(sessions))
                self._looks.add(look)
                look.add_done_callback(self._came_back)
            over, late = await asyncio.wait(
                self._looks, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED
            )
            if not over:  # a slow database: the next look begins beside this one
                log.warning("%d looks at sessions took longer than %d s", len(late), LOOK)
            for one in over:
                one.result()

    def _came_back(self, look: asyncio.Task[None]) -> None:
        self._looks.discard(look)
        if not look.cancelled():
            look.exception()  # of one that comes late nobody else asks

    async def _look(self, sessions: set[str]) -> None:
        """End those of these sessions that do not count; however late it comes, that stays true."""
        look = sync_to_async(alive, thread_sensitive=False, executor=self._looking)
        for session in sessions - await look(sessions, self._clock()):
            await self._end(session)

    async def _end(self, session: str) -> None:
        """Close a session's sockets. What they are told from here on reaches nobody."""
        sockets = {s for group in self._persons.values() for s in group if s.session == session}
        for socket in sockets:
            await socket.drop(4401)
