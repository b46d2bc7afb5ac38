"""
Messages on the way that a web process takes from its socket on: batcher, commit, doorbell.

The event loop runs in a thread of this process; a message is submitted to the product's own
batcher in it, stored by the batcher's own thread, and its doorbell rung by the loop into Redis.
Not among it: HTTP, the socket, what hears the doorbell, and hands out what it found.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Self

from casehub.core import doorbell
from messaging.batching import Batcher
from messaging.models import Entry
from messaging.services import Accepted, Post

PATIENCE = 120.0  # seconds for so many messages, on a machine that does other things too


class Loop:
    """A web process's event loop and its batcher, in a thread of their own."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._loop = asyncio.new_event_loop()
        self._batcher = Batcher(clock)
        self._thread = threading.Thread(target=self._loop.run_forever, name="loop", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        doorbell.ring_from(self._loop)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)

    def write(self, posts: Sequence[Post]) -> None:
        """
        Submit them together; return once all are answered.

        :raises DomainError: if one was refused.
        """
        asked = asyncio.run_coroutine_threadsafe(self._submit(posts), self._loop)
        for answer in asked.result(PATIENCE):
            if not isinstance(answer, Accepted):
                raise answer

    @staticmethod
    def require_together(newest: int, *, batches: int) -> None:
        """
        Look whether the newest messages went down in so many transactions: each has one time.

        :raises RuntimeError: if they did not.
        """
        times = Entry.objects.order_by("-audit_event_id").values_list("at", flat=True)[:newest]
        if (found := len(set(times))) != batches:
            raise RuntimeError(f"{batches} groups of messages took {found} transactions")

    @staticmethod
    async def _end() -> None:
        """End the batcher, which waits for more."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _submit(self, posts: Sequence[Post]) -> list[object]:
        return await asyncio.gather(*(self._batcher.submit(post) for post in posts))
