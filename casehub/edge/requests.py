"""One HTTP request: its body is measured before it is kept, its failures have our words."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import Any

from daphne.http_protocol import WebRequest
from django.conf import settings
from twisted.web import http

from casehub.accounts.network import network_heard
from casehub.core.storage import Cut

from . import limits
from .refusals import languages_of, refusal

log = logging.getLogger("casehub.edge")
CODES = {400: "bad-frame", 503: "busy"}  # what Daphne itself answers; anything else is a failure


class EdgeRequest(WebRequest):
    """
    Daphne's request, which would buffer any body in full before anybody could refuse it.

    A declared length is checked before the first byte, a chunked body with every chunk; the large
    bodies of unanswered requests have limits together and by network too, kept by the server.
    Bodies stay in memory: Twisted would write the larger ones, and all chunked ones, to a
    temporary file.
    """

    content: Any = None  # the body, once the headers have arrived
    _kept = 0  # bytes of body
    _counted = 0  # those among them that count in the server's total

    def gotLength(self, length: int | None) -> None:
        """Learn the declared length of the body, None if it is chunked."""
        self.content = BytesIO()
        method, target = self.channel.asked()
        forwarded = self.requestHeaders.getRawHeaders(b"x-forwarded-for", [])
        self._network = network_heard(getattr(self.channel.getPeer(), "host", ""), forwarded)
        self.channel.network = self._network
        self._limit = limits.body_limit(method, target, default=settings.BODY_LIMIT)
        if length is not None and length > self._limit:
            self.channel.refuse("too-large")

    def handleContentChunk(self, data: bytes) -> None:
        """Keep a piece of body, or refuse it."""
        if self.channel.refused:
            return
        kept = self._kept + len(data)
        counted = max(0, kept - settings.BODY_LIMIT)
        if kept > self._limit:
            self._give_back()
            self.channel.refuse("too-large")
        elif not self.server.bodies.take(self._network, counted - self._counted):
            self._give_back()
            self.channel.refuse("busy")
        else:
            self._kept, self._counted = kept, counted
            self.content.write(data)

    @property
    def received(self) -> int:
        """How many bytes of the body are here."""
        return self._kept

    def _give_back(self) -> None:
        if self._counted:
            self.server.bodies.give_back(self._network, self._counted)
        self._kept = self._counted = 0

    def finish(self) -> None:
        """End a request that was answered."""
        self._give_back()
        super().finish()

    def connectionLost(self, reason: Any) -> None:
        """Forget an abandoned request."""
        self._give_back()
        if self.content is None:  # lost among its headers
            self.server.protocol_disconnected(self)
            http.Request.connectionLost(self, reason)
        else:
            super().connectionLost(reason)

    def check_timeouts(self) -> None:
        """Give up an answer that takes too long; Daphne would end one that was begun as whole."""
        if self._is_over():
            return  # its application may still be at work
        if not self._response_started:
            super().check_timeouts()
        elif self.duration() > (allowed := limits.answer_seconds(self.sentLength)):
            log.warning("an answer that was begun took longer than %d s", allowed)
            self.cut()

    def cut(self) -> None:
        """Let go of the line in the midst of an answer, so that its reader sees that it is cut."""
        if not self._is_over():
            self.channel.cut()

    async def drained(self) -> None:
        """
        Wait until what was said so far is on its way.

        :raises Cut: if nobody is there any more.
        """
        if self._is_over() or not await self.channel.drained():
            raise Cut

    def _is_over(self) -> bool:
        # In this order: what Twisted has finished has no such attribute any more.
        return bool(self.finished) or self.channel is None

    def basic_error(self, status: int, status_text: bytes, body: str) -> None:
        """
        Answer for the server in our shape; Daphne's page has inline styles and its name.

        After an answer that was begun nothing can be said any more. Daphne would try, fall, and
        never look again at whose application has ended.
        """
        del status_text, body
        if self._response_started:
            self.cut()
            return
        code, languages = CODES.get(status, "server-error"), languages_of(self.requestHeaders)
        answer = refusal(code, accept_language=languages, secure=settings.SECURE)
        self.handle_reply(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": answer.headers,
            }
        )
        self.handle_reply({"type": "http.response.body", "body": answer.body})
