"""A browser's open socket, over a database that really commits."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connection
from django.utils import timezone

from casehub.accounts import services as accounts
from casehub.asgi import application
from casehub.core.frames import to_b64u
from messaging import consumers
from tests.factories import Region
from tests.framed import private_message

ORIGIN = settings.ORIGINS[0]
in_database = database_sync_to_async


@pytest.fixture
def now():
    return present()


@pytest.fixture
def region(db, now):
    return Region(now)


def present() -> datetime:
    return timezone.now()  # noqa: TID251 - sockets, heartbeats and sweeps live in real time


def _disconnect() -> None:
    connection.close()  # the calling thread's own


@pytest.fixture(autouse=True)
async def _closing():
    """Stop the process's switchboard and writer when a test ends."""
    yield
    for board, batcher in consumers._loops.values():
        for task in [*board._tasks, *([batcher._task] if batcher._task else [])]:
            task.cancel()
        # Whatever is written at this moment rings by this loop.
        await asyncio.to_thread(batcher.lanes.end)
        await asyncio.to_thread(board.ask.end)
    consumers._loops.clear()
    await asyncio.to_thread(consumers.asking.close)
    await in_database(_disconnect)()


class Tab:
    """A browser's open socket."""

    def __init__(self, cookie: str | None, *tickets: str, origin: str | None = ORIGIN) -> None:
        headers = [(b"accept-language", b"en")]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        if cookie is not None:
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
        protocols = ["casehub.1", *(f"ticket.{ticket}" for ticket in tickets)]
        self.wire = WebsocketCommunicator(application, "/socket", headers, protocols)

    async def open(self) -> tuple[bool, Any]:
        return await self.wire.connect(timeout=5)

    async def say(self, **frame: Any) -> None:
        await self.wire.send_to(text_data=json.dumps(frame, default=str))

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """Return the next frame of these kinds; others are passed over."""
        async with asyncio.timeout(5):
            while True:
                frame = json.loads(await self.wire.receive_from(timeout=5))
                if frame["type"] in kinds:
                    return frame

    async def kinds_until_silence(self) -> list[str]:
        """Return the kinds of all frames that come until nothing does for a third of a second."""
        kinds = []
        while not await self.wire.receive_nothing(timeout=0.3):
            kinds.append(json.loads(await self.wire.receive_from())["type"])
        return kinds

    async def closing(self) -> int:
        """Return the code with which the server closes."""
        async with asyncio.timeout(5):
            while True:
                event = await self.wire.receive_output(timeout=5)
                if event["type"] == "websocket.close":
                    return event["code"]

    async def post(self, thread, *, epoch=0, text=b"opaque", id=None):  # noqa: A002
        id_ = id or uuid4()
        body = private_message(thread, epoch=epoch, id=id_, ciphertext=text)
        await self.say(type="post", thread=thread, epoch=epoch, id=id_, body=to_b64u(body))
        return str(id_)


@pytest.fixture
async def opened():
    """Return `opened(someone)`: a socket that has said hello; all are closed at the end."""
    tabs: list[Tab] = []

    async def open_(who) -> Tab:
        cookie = await in_database(Region(present()).session)(who)
        tab = Tab(cookie, await ticket_of(who))
        connected, protocol = await tab.open()
        assert (connected, protocol) == (True, "casehub.1")
        tab.hello = await tab.hear("hello")
        tabs.append(tab)
        return tab

    yield open_
    for tab in tabs:
        await tab.wire.disconnect()


async def ticket_of(who) -> str:
    issue = in_database(accounts.issue_ticket)
    ticket, _ = await issue(actor=who.actor, now=present())
    return ticket


@pytest.fixture
def thread(region, ana, boris):
    return region.thread(ana, boris)
