"""Threads of one purpose: who waits for the database there holds up nobody who waits elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, ParamSpec, TypeVar

from channels.db import DatabaseSyncToAsync
from django.db import connections

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
ENDING = 10.0  # seconds


class Workers:
    """
    At most so many threads, which ask the database for an event loop.

    Left to itself, Channels asks in one thread for all sockets of a process: each question would
    wait for everybody's, and for whatever holds up one of them.
    """

    def __init__(self, name: str, most: int) -> None:
        self._most = most
        self._threads = ThreadPoolExecutor(most, thread_name_prefix=name)

    def __call__(
        self, question: Callable[Asked, Answer]
    ) -> Callable[Asked, Coroutine[Any, Any, Answer]]:
        """Return what asks it in one of these threads; connections go back as after a request."""
        return DatabaseSyncToAsync(question, thread_sensitive=False, executor=self._threads)

    def close(self) -> None:
        """
        Close what each thread has open.

        :raises BrokenBarrierError: if one of them is still at work after a while.
        """
        together = Barrier(self._most)

        def close_own() -> None:
            together.wait(ENDING)  # so that no thread takes two of these, and another none
            connections.close_all()

        for closed in [self._threads.submit(close_own) for _ in range(self._most)]:
            closed.result()

    def end(self) -> None:
        """Close what each thread has open, and end them all."""
        self.close()
        self._threads.shutdown()
