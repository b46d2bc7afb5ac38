"""The socket as the tests of permissions knock at it: the consumer's own entry, no wire."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import connection

from casehub.accounts import services as accounts
from casehub.accounts import sockets
from casehub.core.errors import DomainError, SignInNeeded
from casehub.core.frames import to_b64u
from messaging import batching, consumers, schemas
from messaging.consumers import InboxConsumer
from messaging.framing import ACTS, THREAD_ACTS, WHOLE
from messaging.services import Post
from tests.factories import Someone
from tests.framed import act_data, grant_data, private_message
from tests.integration.answers import SOCKET
from tests.integration.doors import Objects, undone

MESSAGE = UUID(int=7)  # the sender's own id of it, which a refusal repeats


@dataclass
class Said:
    """What the socket said to one frame, in the shape of an answer by HTTP."""

    frames: list[dict[str, Any]] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    queries: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        return self.frames[-1]

    @property
    def content(self) -> bytes:
        return json.dumps(self.frames, sort_keys=True).encode()

    @property
    def status_code(self) -> int:
        refused = [one for one in self.frames if one["type"] == "refused"]
        known = {
            "sign-in-needed": 401,
            "not-allowed": 403,
            "not-found": 404,
            "designation-over": 403,
        }
        return known.get(refused[-1]["code"], 409) if refused else 200


class AtOnce:
    """A writer that stores each post in the caller's own transaction, so that it can be undone."""

    def __init__(self, at: Any) -> None:
        self._at = at

    async def submit(self, post: Post) -> Any:
        """Return the answer to a batch of one."""
        (answer,) = await database_sync_to_async(batching.write)([post], self._at)
        return answer


class Knocking(InboxConsumer):
    """The consumer, with a list for a wire."""

    def __init__(self, who: Someone, cookie: str | None, at: Any) -> None:
        super().__init__()
        ticket, _ = accounts.issue_ticket(actor=who.actor, now=at)
        jar = f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()
        self.scope = {
            "client": ("192.0.2.1", 1),
            "headers": [] if cookie is None else [(b"cookie", jar)],
            "subprotocols": ["casehub.1", f"ticket.{ticket}"],
        }
        self.at, self.language, self.tasks = at, "en", set()
        self.batcher, self.said = AtOnce(at), Said()

    async def send(self, text_data: str | None = None, **_: Any) -> None:
        """Keep a frame."""
        self.said.frames.append(json.loads(text_data or ""))

    async def enter(self) -> None:
        """
        Be admitted as whoever opens a socket is.

        :raises SignInNeeded: if nobody is let in.
        """
        self.actor = await self._admitted(self.at)
        self.person, self.session = self.actor.id, self.actor.session
        self.seen = sockets.Seen(self.session)

    async def hear(self, text: str) -> Said:
        """Hear one frame, and wait for what it sets going."""
        self.said = Said()
        await self.receive(text)
        while self.tasks:
            await self.tasks.pop()
        return self.said


def frame_of(act: str, objects: Objects, person: str) -> str:
    """Return the frame of an act on a thread; `person`, whose act it is, gives to themselves."""
    kind = SOCKET[act].door.split(" ")[1]
    thread = str(objects.thread)
    name = act.rsplit(".", 1)[1]
    about = WHOLE if name in THREAD_ACTS else 1
    aad = act_data(MESSAGE, act=name, about=about) if name in {*ACTS, *THREAD_ACTS} else None
    if name == "give":
        aad = grant_data(MESSAGE, to=person)
    body = to_b64u(private_message(objects.thread, id=MESSAGE, aad=aad))
    fields: dict[str, dict[str, Any]] = {
        "post": {"thread": thread, "epoch": 0, "id": str(MESSAGE), "body": body},
        "ack": {"thread": thread, "seq": 0},
        "read": {"thread": thread, "seq": 0},
        "unread": {"thread": thread, "seq": 1},
        "typing": {"thread": thread},
        "ping": {},
    }
    text = json.dumps({"type": kind, **fields[kind]})
    schemas.parse_command(text)
    return text


def say(who: Someone, cookie: str | None, act: str, objects: Objects, at: Any) -> Said:
    """Open a socket, say an act's frame, and undo it; who is not admitted is told to sign in."""

    async def knock(consumer: Knocking) -> Said:
        try:
            await consumer.enter()
        except SignInNeeded as error:
            body: dict[str, Any] = DomainError.as_body(error, "en")
            return Said([{"type": "refused", **body}])
        return await consumer.hear(frame_of(act, objects, who.person))

    def begun() -> Said:
        consumer = Knocking(who, cookie, at)
        # As Django's own test client does: else each look at the database ends by closing the
        # connection, and with it the transaction that is to be undone. Nor does another thread see
        # what stands in that transaction.
        with (
            patch.object(connection, "close_if_unusable_or_obsolete"),
            patch.object(consumers, "asking", database_sync_to_async),
        ):
            return async_to_sync(knock)(consumer)

    said: Said = undone(begun)
    return said
