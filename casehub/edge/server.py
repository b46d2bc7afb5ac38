"""
The server: Daphne with limits.

The public names of Daphne are used where there are any; `run` repeats Daphne's own, because the
factories it makes cannot be replaced from outside.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import time
from collections.abc import Callable
from typing import Any

from daphne.http_protocol import HTTPFactory
from daphne.server import Server
from twisted.internet import defer, reactor
from twisted.internet.endpoints import serverFromString
from twisted.logger import globalLogBeginner

from casehub.core.doorbell import ring_from
from casehub.core.storage import Cut

from . import limits
from .bodies import LargeBodies
from .channel import EdgeChannel
from .requests import EdgeRequest
from .sockets import EdgeSocket, EdgeSocketFactory
from .unread import BY_PIECES, Unread

logger = logging.getLogger(__name__)

GOING_AWAY = 1001
LOOK_SECONDS = 2  # between two looks at whose time is over
ENDED_SECONDS = 1  # and at whose application has ended
GRACE_SECONDS = 5
RELEASE_SECONDS = 1
LONGEST_STOP = 12  # seconds: grace, a round of the clock, the log's last signature


class EdgeFactory(HTTPFactory):
    """Makes connections with our limits, no more than a process can hold, and logs no paths."""

    protocol = EdgeChannel

    def buildProtocol(self, addr: Any) -> Any:
        """Make one connection, or close it at once if there are too many."""
        if len(self.server.connections) >= limits.CONNECTIONS:
            return None
        channel = super().buildProtocol(addr)
        channel.requestFactory, channel.unread = EdgeRequest, self.server.unread
        return channel

    def log(self, request: Any) -> None:
        """Log nothing: paths name cases, and who asked for which is the audit log's to say."""


class EdgeServer(Server):
    """
    Serve `application` on Twisted endpoint descriptions until told to stop.

    `ready` is called once everything listens; `failure` is the reason if something could not.
    """

    def __init__(
        self, application: Any, *, endpoints: list[str], ready: Callable[[], None]
    ) -> None:
        super().__init__(
            application,
            endpoints=endpoints,
            http_timeout=limits.ANSWER_SECONDS,
            verbosity=0,
            server_name="",
        )
        self.bodies, self.unread = LargeBodies(), Unread()
        self._ready = ready
        self.failure: BaseException | None = None
        self._ports: list[Any] = []
        self._stopping = False

    def run(self) -> None:
        """Listen and serve; returns after a stop, or at once if an endpoint is taken."""
        self.connections: dict[Any, dict[str, Any]] = {}
        self.http_factory = EdgeFactory(self)
        self.ws_factory = EdgeSocketFactory(self)
        globalLogBeginner.beginLoggingTo(
            [lambda _: None], redirectStandardIO=False, discardBuffer=True
        )
        reactor.callLater(ENDED_SECONDS, self.application_checker)
        reactor.callLater(LOOK_SECONDS, self.timeout_checker)
        for endpoint in self.endpoints:
            listening = serverFromString(reactor, endpoint).listen(self.http_factory)
            listening.addCallbacks(self.listen_success, self.listen_error)
        loop = reactor._asyncioEventloop  # noqa: SLF001 - as Daphne does
        asyncio.set_event_loop(loop)
        ring_from(loop)
        if self.abort_start:
            return
        reactor.addSystemEventTrigger("before", "shutdown", self._stop_gently)
        reactor.callWhenRunning(self._ready)
        reactor.run(installSignalHandlers=True)

    def listen_success(self, port: Any) -> None:
        """Remember what is listening."""
        self._ports.append(port)
        super().listen_success(port)

    def listen_error(self, failure: Any) -> None:
        """Remember why an endpoint cannot listen, and stop."""
        self.failure = failure.value
        self.stop()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Start the application for one request or socket and return its queue."""
        queue = protocol.inbox() if isinstance(protocol, EdgeSocket) else asyncio.Queue()
        scope.setdefault("asgi", {"version": "3.0"})
        scope["root_path"] = ""  # Daphne takes it from a header of whoever asks
        instance = self._answer(protocol, scope, queue)
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(instance)
        return queue

    async def _answer(self, protocol: Any, scope: dict[str, Any], queue: Any) -> None:
        """Run the application; an answer that it cannot finish is cut, and that is no error."""

        async def send(message: dict[str, Any]) -> None:
            await self.handle_reply(protocol, message)
            if BY_PIECES in message and message.get("more_body"):
                await protocol.drained()

        try:
            await self.application(scope=scope, receive=queue.get, send=send)
        except Cut:
            protocol.cut()

    def application_checker(self) -> None:
        """
        Look whose application has ended; one of which that cannot be told does not end the looking.

        Daphne's own look ended for good with the first such one: from then on nobody was told of
        an error, and whoever was connected was never forgotten.
        """
        for protocol, details in list(self.connections.items()):
            try:
                self._look_at(protocol, details)
            except Exception:
                logger.exception("nobody knows whether a connection's application has ended")
        reactor.callLater(ENDED_SECONDS, self.application_checker)

    def _look_at(self, protocol: Any, details: dict[str, Any]) -> None:
        """Cancel what goes on too long after its caller went; tell who is there of an error."""
        gone = details.get("disconnected")
        running = details.get("application_instance")
        if running is not None and not running.done():
            if gone and time.time() - gone > self.application_close_timeout:
                logger.warning("an application went on too long after its caller had gone")
                running.cancel()
            return
        details.pop("application_instance", None)
        if gone:
            self.connections.pop(protocol, None)
        error = None if running is None or running.cancelled() else running.exception()
        if error is not None:
            logger.error("Exception inside application: %s", error, exc_info=error)
            if not gone:
                protocol.handle_exception(error)

    def timeout_checker(self) -> None:
        """Look whose time is over; one that cannot be looked at does not end the looking."""
        for protocol in list(self.connections):
            try:
                protocol.check_timeouts()
            except Exception:
                logger.exception("nobody knows whether a connection's time is over")
        self.unread.look()
        reactor.callLater(LOOK_SECONDS, self.timeout_checker)

    def protocol_disconnected(self, protocol: Any) -> None:
        """Note the time, so that the checker cleans up."""
        if protocol in self.connections:
            super().protocol_disconnected(protocol)

    def _stop_gently(self) -> defer.Deferred[None]:
        # Whatever hangs, here or in a thread that is waited for: the process says where, and ends
        # as in a crash, which loses no act. A supervisor would kill it without a word.
        faulthandler.dump_traceback_later(LONGEST_STOP, exit=True)
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._drain()))

    async def _drain(self) -> None:
        """Take no more callers, tell sockets to go, let requests finish, then cancel the rest."""
        running = {
            details["application_instance"]
            for details in self.connections.values()
            if "application_instance" in details
        }
        try:
            for port in self._ports:
                port.stopListening()
            for protocol in list(self.connections):
                if isinstance(protocol, EdgeSocket) and protocol.state == protocol.STATE_OPEN:
                    # Autobahn's sendClose refuses every code but an application's own.
                    protocol.sendCloseFrame(code=GOING_AWAY)
            if running:
                await asyncio.wait(running, timeout=GRACE_SECONDS)
        except Exception:
            logger.exception("stopping was not gentle")
        finally:
            # A task that nobody awaits would be torn apart by the interpreter's own end.
            for instance in running:
                instance.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await _release()


async def _release() -> None:
    """
    End every task that is left.

    A request whose caller has gone is none of `running`, and its thread may still wait for what the
    loop was to do: a loop that stops first would leave it waiting, and the process with it.
    """
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left, timeout=RELEASE_SECONDS)
