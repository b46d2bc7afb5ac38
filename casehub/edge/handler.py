"""Django behind ASGI: middleware and view of a request in one hand-over to a thread."""

from __future__ import annotations

import asyncio
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

IDLE = 16  # threads that are kept for the next requests; as many as are asked for at once there are
PATIENCE: Final = float(POOL["timeout"])  # seconds that a request waits for others to be over
# Nothing of these is asked of the database, or by who runs the server alone.
FREE: Final = ("/static/", "/healthz", "/readyz")
# In a request's scope: it is one of those at work; nobody waits for its answer any more.
_TAKEN: Final = "casehub.taken"
_GIVEN_UP: Final = "casehub.given-up"


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
        self._places = asyncio.Semaphore(HTTP)

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
            with suppress(RuntimeError):  # no thread can be started any more
                self._leave_after(thread.submit(connections.close_all), scope)
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
        if not scope["path"].startswith(FREE):
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._places.acquire()
            except TimeoutError:
                return _busy(request)
            if _GIVEN_UP in scope:  # Django lets who waited here go on without its thread
                self._places.release()
                raise asyncio.CancelledError
            scope[_TAKEN] = True
        answer = sync_to_async(self.get_response, thread_sensitive=True)
        return await answer(request)

    def _leave(self, scope: Any) -> None:
        if scope.pop(_TAKEN, False):
            self._places.release()

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
