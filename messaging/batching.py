"""
Group commit: whatever waits goes down in one transaction, and each sender is answered after it.

Nobody waits for a batch to fill: while one commits, the next gathers. Nor for one that is held up.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Protocol
from uuid import UUID

from django.db import close_old_connections, connection, transaction

import audit.services
from audit.promises import promise
from casehub.core import metrics, traces
from casehub.core.errors import DomainError, Refused
from casehub.core.run import one_writer
from casehub.core.storage import is_away, is_held, refused_by
from casehub.core.workers import Workers

from .services import Accepted, Post, accept_messages

log = logging.getLogger("casehub.batching")
MOST = 128  # messages in one transaction
SLOW = 0.25  # seconds after which the next batch no longer waits for the one that is under way
LANES = 3  # batches that may be under way at once
MOMENT = "100ms"  # for each row, once a batch has waited for one as long as anybody does
WAITING = 4096  # messages that may wait; beyond, senders are told to come back
# In figures every message counts as this: whether it says more (an edit, a pin) is found later.
POSTED = "messaging.message.post"
Answer = Accepted | DomainError
Part = Mapping[int, Answer]  # by the place of each post in its batch


class Store(Protocol):
    """What stores posts in one transaction; `hurried` once their batch has waited for a row."""

    def __call__(self, some: Sequence[Post], *, hurried: bool) -> list[Answer]:
        """Return an answer to each, or raise whatever it was that nothing was stored for."""


@dataclass(slots=True)
class _Waiting:
    post: Post
    answer: asyncio.Future[Answer]


def write(
    posts: Sequence[Post], now: datetime, tell: Callable[[Part], None] = lambda _: None
) -> list[Answer]:
    """
    Store a batch; if it cannot be stored as a whole, store it in parts, as `settle` says.

    So one bad act never fails its neighbours, and whoever could not be stored may try again.
    `tell` is called for each part but the last, which this returns with the others.
    """
    written: dict[int, bytes] = {}

    def store(some: Sequence[Post], *, hurried: bool) -> list[Answer]:
        close_old_connections()
        patience = _a_moment() if hurried else nullcontext()
        with audit.services.collecting() as leaves, one_writer(), patience:
            answers = accept_messages(posts=some, now=now)
        written.update(leaves)
        return answers

    found: dict[int, Answer] = {}
    for part in settle(posts, store):
        known = {place: _promised(answer, written, now) for place, answer in part.items()}
        found |= known
        if len(found) < len(posts):
            tell(known)
    return [found[place] for place in range(len(posts))]


def settle(posts: Sequence[Post], store: Store) -> Iterator[Part]:
    """
    Store posts together if that goes, else in parts; say of each part how it went.

    After a whole that was rolled back each thread is tried, and what of a thread fails together
    post by post. No try is made of which the end is known: of nothing more once the database is
    away or takes nothing, of no thread further than where it was held. Nor is what a sender said
    stored after what they said before it in the same thread and could not be stored.
    """
    parts = deque([list(range(len(posts)))])
    hurried = False
    while parts:
        part = parts.popleft()
        try:
            answers = store([posts[place] for place in part], hurried=hurried)
        except Exception as error:  # whatever one message broke, its neighbours are not to pay
            why = refused_by(error)
            if why.code == "try-again":  # else there is no room, or the log does not move
                log.exception("a batch of %d was rolled back", len(part))
            if why.code != "try-again" or is_away(error):  # it is nobody's message
                yield dict.fromkeys(chain(part, *parts), why)
                return
            held = is_held(error)
            hurried |= held
            if smaller := _parts_of(posts, part, held=held):
                parts.extendleft(reversed(smaller))
                continue
            behind = _behind(posts, part[0], parts, held=held)
            yield dict.fromkeys([*part, *behind], why)
            parts = deque(one for one in parts if not behind.issuperset(one))
        else:
            yield dict(zip(part, answers, strict=True))


def _parts_of(posts: Sequence[Post], part: Sequence[int], *, held: bool) -> list[list[int]]:
    """Return the smaller parts in which what failed may be tried; of what was held, threads."""
    threads: dict[UUID, list[int]] = {}
    for place in part:
        threads.setdefault(posts[place].thread, []).append(place)
    if len(threads) > 1:
        return list(threads.values())
    return [] if held or len(part) == 1 else [[place] for place in part]


def _behind(
    posts: Sequence[Post], failed: int, parts: Iterable[Sequence[int]], *, held: bool
) -> set[int]:
    """Return what of `parts` is not to be tried after one that failed: of its thread, or sender."""
    first = posts[failed]
    return {
        place
        for place in chain.from_iterable(parts)
        if posts[place].thread == first.thread and (held or _sender(posts[place]) == _sender(first))
    }


def _sender(post: Post) -> tuple[str, str | None]:
    return post.actor.id, post.actor.device


@contextmanager
def _a_moment() -> Iterator[None]:
    """
    Wait no longer than a moment for each row, in one transaction.

    Whoever comes here shared a batch that waited in full: what is still held is not let go soon.
    """
    if connection.vendor == "sqlite":  # which has no rows to wait for
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [MOMENT])
        yield


def _promised(answer: Answer, written: Mapping[int, bytes], now: datetime) -> Answer:
    """Give the sender of what was stored just now the log's word for it."""
    if not isinstance(answer, Accepted) or answer.event not in written:
        return answer
    word = promise(event=answer.event, leaf=written[answer.event], at=now)
    return replace(answer, promise=word)


class Batcher:
    """
    The writer of messages in this process and event loop.

    One batch after the other, so that whatever comes while one commits shares the next. Only where
    one takes long (somebody else holds a row that it wants) others are written beside it, but of no
    thread of which one is under way: what is said in a thread is stored in the order it came.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._waiting: deque[_Waiting] = deque()
        self._wake = asyncio.Event()
        self._threads: set[UUID] = set()  # of the batches that are under way
        self._under_way: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None
        self.lanes = Workers("batch", LANES)

    async def submit(self, post: Post) -> Answer:
        """Return the answer to `post`, after its commit."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        begun = time.monotonic()
        if len(self._waiting) < WAITING:
            waiting = _Waiting(post, asyncio.get_running_loop().create_future())
            self._waiting.append(waiting)
            self._wake.set()
            answer = await waiting.answer
        else:
            answer = Refused("try-again")
        refused = answer.code if isinstance(answer, DomainError) else ""
        outcome = metrics.REFUSED if refused else metrics.DONE
        metrics.judged(POSTED, outcome, time.monotonic() - begun, code=refused)
        return answer

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while batch := self._next():
                stored = asyncio.create_task(self._store(batch))
                self._under_way.add(stored)
                stored.add_done_callback(self._under_way.discard)
                await asyncio.wait({stored}, timeout=SLOW)
                while len(self._under_way) >= LANES:
                    await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    def _next(self) -> list[_Waiting]:
        """Take what waits, in its order, but of threads of which a batch is under way."""
        batch: list[_Waiting] = []
        passed: list[_Waiting] = []
        while self._waiting and len(batch) < MOST:
            one = self._waiting.popleft()
            (passed if one.post.thread in self._threads else batch).append(one)
        self._waiting.extendleft(reversed(passed))
        return batch

    async def _store(self, batch: Sequence[_Waiting]) -> None:
        threads = {one.post.thread for one in batch}
        self._threads |= threads
        loop = asyncio.get_running_loop()

        def tell(part: Part) -> None:
            loop.call_soon_threadsafe(_answer, batch, part)

        try:
            with traces.span("messages.batch", messages=len(batch)):
                posts = [one.post for one in batch]
                answers = await self.lanes(write)(posts, self._clock(), tell)
        except Exception:  # an unknown fault must not end the writer: answer, log, go on
            log.exception("a batch of %d failed", len(batch))
            answers = [Refused("try-again")] * len(batch)
        finally:
            self._threads -= threads
            self._wake.set()
        _answer(batch, dict(enumerate(answers)))


def _answer(batch: Sequence[_Waiting], part: Part) -> None:
    """Tell those who wait, except whom was told before."""
    for place, answer in part.items():
        if not batch[place].answer.done():
            batch[place].answer.set_result(answer)
