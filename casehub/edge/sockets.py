"""One WebSocket: what it may send at once, and what is kept for it in both directions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from django.conf import settings
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

from . import limits
from .headers import protection
from .refusals import refusal


def size_of(message: dict[str, Any]) -> int:
    """Return the bytes (of text: the characters) that a received frame holds in memory."""
    return len(message.get("text") or message.get("bytes") or "")


class Inbox(asyncio.Queue[dict[str, Any]]):
    """
    The application's queue of received frames, which says when it is full and when it has room.

    Daphne's own has no end: a sender faster than the application would fill the memory. It may
    not refuse or wait either, so `full` and `room` close and open the tap at the transport.
    """

    def __init__(self, *, full: Callable[[], None], room: Callable[[], None]) -> None:
        super().__init__()
        self._full, self._room = full, room
        self._bytes = 0
        self._closed = False

    def _put(self, item: dict[str, Any]) -> None:
        super()._put(item)
        self._bytes += size_of(item)
        if not self._closed and (
            self.qsize() > limits.QUEUED_FRAMES or self._bytes > limits.QUEUED_BYTES
        ):
            self._closed = True
            self._full()

    def _get(self) -> dict[str, Any]:
        item: dict[str, Any] = super()._get()
        self._bytes -= size_of(item)
        if self._closed and (
            self.qsize() <= limits.QUEUED_FRAMES // 2 and self._bytes <= limits.QUEUED_BYTES // 2
        ):
            self._closed = False
            self._room()
        return item


@implementer(IPushProducer)
class Outflow:
    """
    What the transport tells about its unsent bytes, and what was added since it asked to pause.

    Sockets cannot really pause: other people write the messages. So a reader who does not read is
    cut once too much waits for them, or once nothing at all could be sent for long.
    """

    def __init__(self) -> None:
        self.unsent = 0
        self.since: float | None = None

    def pauseProducing(self) -> None:
        """Note that the reader fell behind."""
        if self.since is None:
            self.since = time.monotonic()
            self.unsent = 0

    def resumeProducing(self) -> None:
        """Note that everything was sent."""
        self.since = None
        self.unsent = 0

    def stopProducing(self) -> None:
        """Note that the connection is gone."""
        self.resumeProducing()

    def add(self, size: int) -> bool:
        """Count bytes about to be written; False if that is too many for a reader this slow."""
        if self.since is not None:
            self.unsent += size
        return self.unsent <= limits.UNSENT_BYTES

    def stuck(self) -> bool:
        """Return whether the reader has been behind for too long."""
        return self.since is not None and time.monotonic() - self.since > limits.UNREAD_SECONDS


class EdgeSocket(WebSocketProtocol):
    """Daphne's socket, bounded in both directions, its refusals in our shape."""

    def onConnect(self, request: Any) -> Any:
        """Begin the handshake; from here on the transport reports to this socket."""
        self.outflow = Outflow()
        self.transport.unregisterProducer()  # the HTTP connection that this was a moment ago
        self.transport.registerProducer(self.outflow, True)
        return super().onConnect(request)

    def inbox(self) -> Inbox:
        """Return the queue for the application."""
        return Inbox(full=self.transport.pauseProducing, room=self.transport.resumeProducing)

    def serverAccept(self, subprotocol: str | None = None) -> None:
        """
        Open the socket, unless it is to speak what was not offered by that name.

        Daphne reads the names with percent signs undone and Autobahn as they stand: of a choice
        that only one of the two has heard of, the handshake fails within and stays open for ever.
        """
        if subprotocol is None or subprotocol in self.websocket_protocols:
            super().serverAccept(subprotocol)
        else:
            self.serverReject()

    def handle_exception(self, exception: BaseException) -> None:
        """Close after an error of the application; before anything was said, by dropping it."""
        if self.state == self.STATE_CONNECTING and not hasattr(self, "handshake_deferred"):
            self.dropConnection(abort=True)
        else:
            super().handle_exception(exception)

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:  # noqa: FBT001, FBT002 - Autobahn's signature
        """Write, or cut a reader who does not read."""
        outflow = getattr(self, "outflow", None)
        if outflow is None or outflow.add(len(data)):
            super().sendData(data, sync, chopsize)
        else:
            self.dropConnection(abort=True)

    def serverSend(self, content: str | bytes, binary: bool = False) -> None:  # noqa: FBT001, FBT002 - Daphne's signature
        """
        Send one frame.

        Not by `sendMessage`: Autobahn applies there the limit that is meant for what comes in.
        """
        payload = content.encode() if isinstance(content, str) else content
        self.sendFrame(opcode=2 if binary else 1, payload=payload)

    def check_timeouts(self) -> None:
        """Cut a stuck reader; the rest is Daphne's."""
        if self.outflow.stuck():
            self.dropConnection(abort=True)
        elif self.state in {self.STATE_CONNECTING, self.STATE_OPEN}:
            super().check_timeouts()

    def failHandshake(self, reason: str, code: int = 400, responseHeaders: Any = None) -> None:
        """Refuse a handshake. Autobahn's reasons quote the caller's headers; ours do not."""
        del reason, responseHeaders
        asked = self.http_headers.get("accept-language", "") if self.http_headers else ""
        words = {403: "not-allowed", 500: "server-error", 503: "busy"}.get(code, "bad-frame")
        answer = refusal(words, accept_language=asked, secure=settings.SECURE)
        self.sendData(answer.as_bytes())
        self.dropConnection(abort=False)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"  # Daphne's names the client's address and path in logs


class EdgeSocketFactory(WebSocketFactory):
    """Makes sockets with our limits, and puts our headers on the answer that opens them."""

    protocol = EdgeSocket

    def __init__(self, server: Any) -> None:
        headers = {
            name.decode(): value.decode() for name, value in protection(secure=settings.SECURE)
        }
        super().__init__(server, server="", headers=headers)
        self.setProtocolOptions(
            versions=[13],
            webStatus=False,
            allowNullOrigin=False,
            maxFramePayloadSize=settings.FRAME_LIMIT,
            maxMessagePayloadSize=settings.FRAME_LIMIT,
            failByDrop=False,  # say 1009 (too big) before the connection goes
            openHandshakeTimeout=limits.HEADER_SECONDS,
            closeHandshakeTimeout=1,
            autoPingTimeout=server.ping_timeout,
            perMessageCompressionAccept=lambda _: None,
            tcpNoDelay=True,
        )
