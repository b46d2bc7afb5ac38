"""One HTTP connection: how many header bytes it may send, and how long it may take over them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from twisted.protocols import basic
from twisted.web import http

from . import limits
from .refusals import refusal


class EdgeChannel(http.HTTPChannel):
    """
    Twisted's connection, with absolute deadlines and our own words for refusals.

    Twisted restarts its one timeout with every byte, so a byte every few seconds holds a connection
    for ever ("slowloris"). Here the clock of a request starts with its first byte.
    """

    maxHeaders = limits.HEADER_COUNT
    totalHeadersSize = limits.HEADER_BYTES
    MAX_LENGTH = limits.LINE_BYTES
    abortTimeout = limits.LINGER_SECONDS

    _between_requests = True
    refused = False

    def connectionMade(self) -> None:
        """Start waiting for a first request, no longer than headers may take."""
        self.timeOut = limits.HEADER_SECONDS
        super().connectionMade()

    def dataReceived(self, data: bytes) -> None:
        """Parse bytes; the first of a request starts its clock."""
        if self.refused:
            return  # read and dropped: closing now would tear the refusal away from the sender
        if self._between_requests and not self._handlingRequest:
            self._between_requests = False
            self.setTimeout(limits.HEADER_SECONDS)
        basic.LineReceiver.dataReceived(self, data)

    def lineReceived(self, line: bytes) -> None:
        """Take one line of the headers, unless the request was refused already."""
        if not self.refused:
            super().lineReceived(line)

    def asked(self) -> tuple[bytes, bytes]:
        """Return method and target of the request whose headers have arrived."""
        return self._command, self._path

    def allHeadersReceived(self) -> None:
        """Go on to the body, with a clock of its own."""
        self.setTimeout(limits.BODY_SECONDS)
        super().allHeadersReceived()

    def allContentReceived(self) -> None:
        """Hand the request over, unless it was refused on the way."""
        if not self.refused:
            super().allContentReceived()

    def requestDone(self, request: Any) -> None:
        """Wait for the next request, or for the answer to be read."""
        self._between_requests = True
        super().requestDone(request)
        if not self._handlingRequest and self._between_requests:
            self.setTimeout(limits.IDLE_SECONDS)

    def timeoutConnection(self) -> None:
        """Give up: with a word to somebody in the middle of a request, silently otherwise."""
        if self.refused:
            self.transport.abortConnection()
        elif self._between_requests:
            super().timeoutConnection()
        else:
            self.refuse("too-slow")

    def lineLengthExceeded(self, line: bytes) -> None:
        """Refuse one endless header or request line."""
        del line
        self.refuse("headers-too-large")

    def refuse(self, code: str) -> None:
        """
        Answer for the server itself, and close.

        The writing side closes at once, the reading side a moment later: a sender in the middle
        of a large body would otherwise meet a reset instead of the answer.
        """
        if self.refused or self.transport is None:
            return
        self.refused = True
        asked = self.requests[-1].requestHeaders if self.requests else None
        languages = asked.getRawHeaders("accept-language", [""])[0] if asked else ""
        answer = refusal(code, accept_language=languages, secure=settings.SECURE)
        self.transport.write(answer.as_bytes())
        self.setTimeout(limits.LINGER_SECONDS)
        self.transport.loseWriteConnection()

    def _send100Continue(self) -> None:
        if not self.refused:
            super()._send100Continue()

    def _respondToBadRequestAndDisconnect(self) -> None:
        too_much = (
            self._receivedHeaderSize > self.totalHeadersSize
            or self._receivedHeaderCount > self.maxHeaders
        )
        self.refuse("headers-too-large" if too_much else "bad-frame")
