"""Django behind ASGI: middleware and view of a request in one hand-over to a thread."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final, NoReturn

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_resolver

from casehub.core import metrics
from casehub.core.connections import HTTP, POOL
from casehub.core.errors import DomainError

from .unread import BY_PIECES

IDLE = 16  # threads that are kept for the next requests; as many as are asked for at once there are
PATIENCE: Final = float(POOL["timeout"])  # seconds that a request waits for others to be over
LINE: Final = 64  # requests that wait; whoever comes then is told at once
# Nothing of these is asked of the database (`casehub.core.http.files_alone`), or once at a time.
FREE: Final = re.compile(r"/static/.*|/healthz|/readyz", re.DOTALL)
# What waits for something other than the database, and how many of it are at work at once: room is
# to be left for all else, the end of somebody's access among it.
NARROW: Final = (
    # The store of files, which may hang.
    (re.compile(r"/api/(?:attachments|enclosures)/[^/]*/(?:chunks|pieces)/.*", re.DOTALL), 3),
    # A core each, of as many as `casehub.accounts.signing_in` hashes for at once; anybody may ask.
    (re.compile(r"/api/sign-in/password"), 2),
    # A part of the log, which has its place until all of it was read.
    (re.compile(r"/api/oversight/logs/[^/]*/bundle"), 1),
)
# In a request's scope: the places that it has; that nobody waits for its answer any more.
_TAKEN: Final = "casehub.taken"
_GIVEN_UP: Final = "casehub.given-up"


class Places:
    """Room for so many requests at work at once, and a line of those who wait for it."""

    def __init__(self, number: int) -> None:
        self.free = asyncio.Semaphore(number)
        self.waiting = 0

    async def take(self) -> None:
        """
        Wait for a place.

        :raises TimeoutError: at once, where `LINE` wait already.
        """
        if self.free.locked() and self.waiting >= LINE:
            raise TimeoutError
        self.waiting += 1
        try:
            await self.free.acquire()
        finally:
            self.waiting -= 1


class Handler(ASGIHandler):
    """
    Runs middleware and view of a request one after the other, in a thread that it has to itself.

    Django's own goes back to the loop and to the thread again for each view and each middleware
    that looks at one, and starts two threads for every request: one for it, one that waits for
    that. Here no middleware and no view is asynchronous, and threads are used again. What is
    streamed is taken from the loop as ever.

    At most `HTTP` requests are at work at once, the others wait: each may have a connection to the
    database, and the process's own threads need theirs, whatever somebody else's transaction holds.
    """

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._idle: list[ThreadPoolExecutor] = []
        self._places = Places(HTTP)
        self._narrow = [(which, Places(number)) for which, number in NARROW]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, which no other shares its thread with."""
        thread = self._idle.pop() if self._idle else ThreadPoolExecutor(1, "request")
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.handle(scope, receive, send)
        except BaseException:
            # What was given up may still be at work there, and nobody is to wait behind it. Once it
            # is over its connection goes back: a pool counts one that was dropped for ever.
            scope[_GIVEN_UP] = True
            try:
                self._leave_after(thread.submit(connections.close_all), scope)
            except RuntimeError:  # no thread can be started any more
                self._leave(scope)
            thread.shutdown(wait=False)
            raise
        self._leave(scope)
        if len(self._idle) < IDLE:
            self._idle.append(thread)
        else:
            thread.submit(connections.close_all)
            thread.shutdown(wait=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """
        Return the answer, made in the thread that this request has to itself.

        Its body is here already: nobody who sends one slowly has a place.
        """
        scope = request.scope  # type: ignore[attr-defined]  # ASGIHandler makes no other request
        if not FREE.fullmatch(scope["path"]) and not await self._enter(scope):
            return _busy(request)
        answer = sync_to_async(self.get_response, thread_sensitive=True)
        return await answer(request)

    async def send_response(self, response: HttpResponseBase, send: Any) -> None:
        """
        Say the answer; one that is made by pieces, no faster than it is read.

        Any other is whole already, and is not waited for: its place is wanted by the next.
        """

        async def by_pieces(message: Mapping[str, Any]) -> None:
            await send({**message, BY_PIECES: True})

        streamed = response.streaming and getattr(response, "is_async", False)
        await super().send_response(response, by_pieces if streamed else send)

    async def _enter(self, scope: Any) -> bool:
        """Wait for what the request needs; False if there are too many, or it took too long."""
        narrow = [places for which, places in self._narrow if which.fullmatch(scope["path"])]
        taken = scope.setdefault(_TAKEN, [])
        try:
            async with asyncio.timeout(PATIENCE):
                for places in (*narrow, self._places):
                    await places.take()
                    taken.append(places)
        except TimeoutError:
            self._leave(scope)
            return False
        if _GIVEN_UP in scope:  # Django lets who waited here go on without its thread
            self._leave(scope)
            raise asyncio.CancelledError
        return True

    def _leave(self, scope: Any) -> None:
        taken = scope.get(_TAKEN, [])
        while taken:
            taken.pop().free.release()

    def _leave_after(self, closing: Future[None], scope: Any) -> None:
        """Give the place back when the thread's connection is: what was given up may hold it."""
        loop = asyncio.get_running_loop()

        def closed(_: Future[None]) -> None:
            with suppress(RuntimeError):  # the loop has ended, and nobody waits for a place
                loop.call_soon_threadsafe(self._leave, scope)

        closing.add_done_callback(closed)


def _say_busy() -> NoReturn:
    raise DomainError("busy")


def _busy(request: HttpRequest) -> HttpResponseBase:
    """Answer as where the database is away: whoever opens a page gets it all the same."""
    metrics.answers.labels("5").inc()
    try:
        _say_busy()
    except DomainError:
        answer: HttpResponseBase = get_resolver().resolve_error_handler(500)(request)
        return answer
