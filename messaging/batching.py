"""
Group commit: whatever waits goes down in one transaction, and each sender is answered after it.

Nobody waits for a batch to fill: while one commits, the next gathers. Nor for one that is held up.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import close_old_connections

import audit.services
from audit.promises import promise
from casehub.core import metrics, traces
from casehub.core.errors import DomainError, Refused
from casehub.core.run import one_writer
from casehub.core.storage import refused_by
from casehub.core.workers import Workers

from .services import Accepted, Post, accept_messages

log = logging.getLogger("casehub.batching")
MOST = 128  # messages in one transaction
SLOW = 0.25  # seconds after which the next batch no longer waits for the one that is under way
LANES = 3  # batches that may be under way at once
WAITING = 4096  # messages that may wait; beyond, senders are told to come back
# In figures every message counts as this: whether it says more (an edit, a pin) is found later.
POSTED = "messaging.message.post"
Answer = Accepted | DomainError


@dataclass(slots=True)
class _Waiting:
    post: Post
    answer: asyncio.Future[Answer]


def write(posts: Sequence[Post], now: datetime) -> list[Answer]:
    """
    Store a batch; if it cannot be stored as a whole, store its messages one by one.

    So one bad act never fails its neighbours, and whoever could not be stored may try again.
    """
    close_old_connections()
    try:
        with audit.services.collecting() as written, one_writer():
            answers = accept_messages(posts=posts, now=now)
    except Exception as error:  # whatever one message broke, its neighbours are not to pay for it
        why = refused_by(error)
        if why.code != "try-again":  # no room, or a log that does not move: it is nobody's message
            return [why] * len(posts)
        log.exception("a batch of %d was rolled back", len(posts))
        if len(posts) == 1:
            return [why]
        return [answer for post in posts for answer in write([post], now)]
    return [_promised(answer, written, now) for answer in answers]


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
        try:
            with traces.span("messages.batch", messages=len(batch)):
                answers = await self.lanes(write)([one.post for one in batch], self._clock())
        except Exception:  # an unknown fault must not end the writer: answer, log, go on
            log.exception("a batch of %d failed", len(batch))
            answers = [Refused("try-again")] * len(batch)
        finally:
            self._threads -= threads
            self._wake.set()
        for waiting, answer in zip(batch, answers, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(answer)
