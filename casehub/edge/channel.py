"""One HTTP connection: how many header bytes it may send, and how long it may take over them."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from twisted.protocols import basic
from twisted.web import http

from . import limits
from .refusals import languages_of, refusal
from .unread import Unread, let_go

# What no header may hold (RFC 9110, section 5.5), and 0x85, at which Python takes Latin-1 for two
# lines. A tab may be there.
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f\x85]")


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
    _body_began: float | None = None  # of the monotonic clock, once the headers are here
    refused = False
    gone = False
    unread: Unread  # the server's
    network = ""  # of who asked last
    _drained: asyncio.Future[None] | None = None  # is waited for by who makes an answer by pieces

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
        if self.refused:
            return
        if _CONTROL.search(line):
            self.refuse("bad-frame")
        else:
            super().lineReceived(line)

    def asked(self) -> tuple[bytes, bytes]:
        """Return method and target of the request whose headers have arrived."""
        return self._command, self._path

    def allHeadersReceived(self) -> None:
        """Go on to the body, with a clock of its own."""
        self._body_began = time.monotonic()
        self.setTimeout(limits.body_seconds(0))
        super().allHeadersReceived()

    def allContentReceived(self) -> None:
        """Hand the request over, unless it was refused on the way."""
        if not self.refused:
            super().allContentReceived()

    def requestDone(self, request: Any) -> None:
        """Wait for the next request, or for the answer to be read."""
        self._between_requests, self._body_began = True, None
        super().requestDone(request)
        if not self._handlingRequest and self._between_requests:
            self.setTimeout(limits.IDLE_SECONDS)

    def timeoutConnection(self) -> None:
        """Give up: with a word to somebody in the middle of a request, silently otherwise."""
        if self.refused:
            self.transport.abortConnection()
        elif self._between_requests and self._waitingForTransport:
            self.setTimeout(limits.IDLE_SECONDS)  # `Unread` says for how long the answer may lie
        elif self._between_requests:
            super().timeoutConnection()
        elif (left := self._body_left()) > 0:
            self.setTimeout(left)
        else:
            self.refuse("too-slow")

    def write(self, data: bytes) -> None:
        """Hand on a piece of an answer, and count it if it lies here."""
        self.writeSequence([data])

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Hand on pieces of an answer, and count them if they lie here."""
        if self.gone:
            return
        pieces = list(iovec)
        super().writeSequence(pieces)
        if self._waitingForTransport:
            self.unread.add(self, self.network, sum(map(len, pieces)))

    def resumeProducing(self) -> None:
        """Learn that everything was taken."""
        super().resumeProducing()
        self._read()

    def connectionLost(self, reason: Any) -> None:
        """Forget what nobody will read."""
        self.gone = True
        self._read()
        super().connectionLost(reason)

    def cut(self) -> None:
        """Let go of the line and of all that was not read."""
        if not self.gone and self.transport is not None:
            self.gone = True
            let_go(self.transport)
            self._read()

    async def drained(self) -> bool:
        """Wait until everything that was written is on its way; return whether anybody is there."""
        if self._waitingForTransport and not self.gone:
            self._drained = asyncio.get_running_loop().create_future()
            await self._drained
        return not self.gone

    def _read(self) -> None:
        self.unread.forget(self)
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)

    def _body_left(self) -> float:
        """Return how many seconds more a body has by what came of it since the clock was set."""
        if self._body_began is None:
            return 0.0
        until = self._body_began + limits.body_seconds(self.requests[-1].received)
        return until - time.monotonic()

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
        self.setTimeout(limits.LINGER_SECONDS)  # first: whatever fails below, the line goes
        languages = languages_of(self.requests[-1].requestHeaders) if self.requests else ""
        answer = refusal(code, accept_language=languages, secure=settings.SECURE)
        self.transport.write(answer.as_bytes())
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
