"""The socket: turns frames into one call each, and events into frames. Decides nothing."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import timezone

from casehub.accounts import sockets
from casehub.core import rates, roles
from casehub.core.actor import Actor
from casehub.core.errors import BadFrame, DomainError, TooMany
from casehub.core.frames import from_b64u, to_b64u
from casehub.core.http import language_of
from casehub.core.storage import NOT_STORED, refused_by
from casehub.core.workers import Workers

from . import markers, schemas
from .batching import Batcher
from .services import Accepted, Post
from .switchboard import Switchboard, frame

IN_FLIGHT = 64  # posts of one socket that may wait for their commit
PROTOCOL = "casehub.1"
# How a socket is closed that nothing is wrong with. RFC 6455's own 1013 ("try again later") is one
# that the server's WebSocket library sends for nobody: it takes 1000 and 3000 to 4999.
NOT_NOW = 4503
BAD_FRAMES = 8  # bad or over-rate frames before the socket is closed
SIGNALS = {
    "ack": "messaging.cursor.acknowledge",
    "read": "messaging.read.mark",
    "unread": "messaging.read.keep",
    "typing": "messaging.typing.tell",
    "ping": "messaging.socket.ping",
}
# Rates of their own; whatever else is said is a signal.
KINDS = {"post": "post", "typing": "typing"}
# So that a mark that waits for a row that is held does not hold up everybody's sockets.
asking = Workers("socket", 4)
_loops: dict[asyncio.AbstractEventLoop, tuple[Switchboard, Batcher]] = {}


def desk() -> tuple[Switchboard, Batcher]:
    """Return this process's switchboard and batcher."""
    loop = asyncio.get_running_loop()
    for other in [known for known in _loops if known.is_closed()]:
        del _loops[other]
    if loop not in _loops:
        _loops[loop] = (Switchboard(timezone.now), Batcher(timezone.now))
    return _loops[loop]


class InboxConsumer(AsyncWebsocketConsumer):
    """All threads of one signed-in person, over one socket."""

    # The switchboard alone listens to the layer: a socket opens whether or not there is one.
    channel_layer_alias = "none"

    actor: Actor
    person: str = ""
    account: str = ""
    session: str = ""
    _flying: int = 0
    _faults: int = 0
    _closed: bool = False
    switchboard: Switchboard | None = None  # once it may have a seat

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one socket; however that ends, it gives back its seat."""
        leaving: asyncio.Task[None] | None = None
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._closed = True
            if self.switchboard is not None:
                leaving = self.switchboard.let_go(self)
        if leaving is not None:  # the server cancels whoever ends late: leaving goes on
            await asyncio.shield(leaving)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """
        Hand one event to its method.

        Channels' own goes to the database's one thread first, to close connections that are old,
        and so lets every frame wait for whatever reads there. Each call of ours that goes to the
        database does that itself, in `asking`.

        :raises ValueError: if there is none.
        """
        handler = getattr(self, get_handler_name(message), None)
        if handler is None:
            raise ValueError(f"no handler for {message['type']}")
        await handler(message)

    async def connect(self) -> None:
        """Let in whoever holds a fresh ticket of their live session, while there is a database."""
        try:
            await self._let_in(timezone.now())
        except NOT_STORED as error:
            refused_by(error)  # the log has its line; browsers come back by themselves
            await self.drop(NOT_NOW)

    async def _let_in(self, now: datetime) -> None:
        offered = self.scope.get("subprotocols", [])
        try:
            self.actor = await self._admitted(now)
        except DomainError as error:
            await self.close(4429 if isinstance(error, TooMany) else 4401)
            return
        self.person, self.session = self.actor.id, self.actor.session
        self.account = self.actor.account
        self.seen = sockets.Seen(self.session)
        self.tasks: set[asyncio.Task[None]] = set()
        headers = dict(self.scope["headers"])
        self.language = language_of(headers.get(b"accept-language", b"").decode("latin-1"))
        await self.accept(PROTOCOL if PROTOCOL in offered else None)
        self.switchboard, self.batcher = board, _ = desk()
        stand = await board.join(self)
        told = {"heads": stand.heads, "reads": stand.reads, "unread": stand.unread}
        await self.push(frame(type="hello", **told))

    async def _admitted(self, now: datetime) -> Actor:
        """
        Return who opens this socket, at the expense of their own rate.

        Only whoever is refused spends their network's: strangers there must not be able to keep
        out a person whose ticket is good.
        """
        try:
            actor = await asking(sockets.admit)(self.scope, now=now)
        except NOT_STORED:  # else a database that is away costs strangers nothing
            rates.spend("socket", sockets.caller_of(self.scope), now)
            raise
        except DomainError as error:
            rates.spend("socket", sockets.caller_of(self.scope), now)
            rates.refusals.count(error.code, now)
            raise
        rates.spend("socket", actor.id, now)
        return actor

    async def disconnect(self, code: int) -> None:
        """Say nothing more; the seat is given back where this ends."""
        del code
        self._closed = True

    async def push(self, text: str) -> None:
        """Send one frame, unless the socket is gone."""
        if not self._closed:
            await self.send(text_data=text)

    async def drop(self, code: int) -> None:
        """Close from the server's side."""
        self._closed = True
        await self.close(code)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Handle one frame; posts wait for their commit without holding up the next frame."""
        del bytes_data
        now = timezone.now()
        try:
            command = schemas.parse_command(text_data or "")
            rates.spend(KINDS.get(command.type, "signal"), self.person, now)
            if command.type in SIGNALS:
                roles.require(SIGNALS[command.type], self.actor)
            if isinstance(command, schemas.PostFrame):
                size = rates.kibibytes(len(command.body))
                rates.spend("kept", self.person, now, amount=size)
                self._take(command)
            elif isinstance(command, schemas.PingFrame):
                await self.push(frame(type="pong"))
            elif isinstance(command, schemas.TypingFrame):
                tell = asking(markers.tell_typing)
                await tell(actor=self.actor, thread=command.thread, now=now)
            else:
                await self._mark(command)
        except DomainError as error:
            await self._refuse(None, error)
        except NOT_STORED as error:  # a mark that finds no room must not end the reading
            await self._refuse(None, refused_by(error))

    def _take(self, command: schemas.PostFrame) -> None:
        if self._flying >= IN_FLIGHT:
            raise TooMany(kind="in-flight")
        self._flying += 1
        task = asyncio.create_task(self._post(command))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _post(self, command: schemas.PostFrame) -> None:
        try:
            body = from_b64u(command.body, most=schemas.MESSAGE_LIMIT)
            post = Post(self.actor, command.thread, command.epoch, command.id, body)
            answer = await self.batcher.submit(post)
        except DomainError as error:
            answer = error
        finally:
            self._flying -= 1
        if isinstance(answer, Accepted):
            await self.push(
                frame(
                    type="accepted",
                    id=answer.id,
                    thread=answer.thread,
                    seq=answer.seq,
                    chain=to_b64u(answer.chain),
                    at=answer.at.isoformat().replace("+00:00", "Z"),
                    event=answer.event,
                    promise=answer.promise and str(answer.promise),
                )
            )
            if self.seen.begin(now := timezone.now()):
                try:
                    await asking(self.seen.note)(now=now)
                except NOT_STORED as error:
                    # What was accepted stays that; the next message notes its use again.
                    refused_by(error)  # for its line in the log
        else:
            await self._refuse(str(command.id), answer)

    async def _mark(
        self, command: schemas.AckFrame | schemas.ReadFrame | schemas.UnreadFrame
    ) -> None:
        marks = {
            "ack": markers.acknowledge,
            "read": markers.mark_read,
            "unread": markers.keep_unread,
        }
        mark = marks[command.type]
        await asking(mark)(actor=self.actor, thread=command.thread, seq=command.seq)

    async def _refuse(self, id_: str | None, error: DomainError) -> None:
        body: dict[str, Any] = error.as_body(self.language)
        await self.push(frame(type="refused", id=id_, **body))
        if isinstance(error, BadFrame | TooMany):
            self._faults += 1
            if self._faults > BAD_FRAMES:
                await self.drop(4429)
