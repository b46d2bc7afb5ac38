"""Django behind ASGI: middleware and view of a request in one hand-over to a thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

IDLE = 16  # threads that are kept for the next requests; as many as are asked for at once there are


class Handler(ASGIHandler):
    """
    Runs middleware and view of a request one after the other, in a thread that it has to itself.

    Django's own goes back to the loop and to the thread again for each view and each middleware
    that looks at one, and starts two threads for every request: one for it, one that waits for
    that. Here no middleware and no view is asynchronous, and threads are used again. What is
    streamed is taken from the loop as ever.
    """

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, which no other shares its thread with."""
        thread = self._idle.pop() if self._idle else ThreadPoolExecutor(1, "request")
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.handle(scope, receive, send)
        except BaseException:
            # What was given up may still be at work there, and nobody is to wait behind it. Once it
            # is over its connection goes back: a pool counts one that was dropped for ever.
            with suppress(RuntimeError):  # no thread can be started any more
                thread.submit(connections.close_all)
            thread.shutdown(wait=False)
            raise
        if len(self._idle) < IDLE:
            self._idle.append(thread)
        else:
            thread.submit(connections.close_all)
            thread.shutdown(wait=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer, made in the thread that this request has to itself."""
        answer = sync_to_async(self.get_response, thread_sensitive=True)
        return await answer(request)
