"""
Group commit: whatever waits goes down in one transaction, and each sender is answered after it.

Nobody waits for a batch to fill: while one commits, the next gathers.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from asgiref.sync import sync_to_async
from django.db import close_old_connections

import audit.services
from audit.promises import promise
from casehub.core import metrics, traces
from casehub.core.errors import DomainError, Refused
from casehub.core.run import one_writer
from casehub.core.storage import refused_by

from .services import Accepted, Post, accept_messages

log = logging.getLogger("casehub.batching")
MOST = 128  # messages in one transaction
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
    """The one writer of messages in this process and event loop."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(WAITING)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="batch")
        self._task: asyncio.Task[None] | None = None

    async def submit(self, post: Post) -> Answer:
        """Return the answer to `post`, after its commit."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        waiting = _Waiting(post, asyncio.get_running_loop().create_future())
        begun = time.monotonic()
        try:
            self._queue.put_nowait(waiting)
            answer = await waiting.answer
        except asyncio.QueueFull:
            answer = Refused("try-again")
        refused = answer.code if isinstance(answer, DomainError) else ""
        outcome = metrics.REFUSED if refused else metrics.DONE
        metrics.judged(POSTED, outcome, time.monotonic() - begun, code=refused)
        return answer

    async def _run(self) -> None:
        store = sync_to_async(write, thread_sensitive=False, executor=self._thread)
        while True:
            batch = [await self._queue.get()]
            while len(batch) < MOST and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                with traces.span("messages.batch", messages=len(batch)):
                    answers = await store([w.post for w in batch], self._clock())
            except Exception:  # an unknown fault must not end the writer: answer, log, go on
                log.exception("a batch of %d failed", len(batch))
                answers = [Refused("try-again")] * len(batch)
            for waiting, answer in zip(batch, answers, strict=True):
                if not waiting.answer.done():
                    waiting.answer.set_result(answer)
