"""
Clients of an XMPP server: rooms of XEP-0045, history of XEP-0313, over plain TCP on this machine.

A room acknowledges by its own copy of the message, which its sender gets like everybody else.
"""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any

from .peer import BODY, Heard

SECONDS = 60.0
HOST = "localhost"
ROOMS = f"rooms.{HOST}"
PASSWORD = "secret"  # noqa: S105 - anybody gets in with any
TEXT = b"c" * (BODY * 4 // 3)  # as base64 would be
PAGE = 250  # messages of one answer
# What a client has to see of a stream: whose message came, what was answered, what was refused.
_SEEN = re.compile(
    rb"<body>m(\d+);|<iq [^>]*?\bid=['\"]q(\d+)['\"][^>]*>|<first[^>]*>([^<]*)</first>"
    rb"|(<success)|(<stream:features)|<presence [^>]*?\bfrom=['\"][^'\"]*/(p\d+l\d+)['\"]"
    rb"|(<message [^>]*?type=['\"]error['\"])"
)
_TAIL = 400  # bytes that may begin something whose end has not come


class Stream(asyncio.Protocol):
    """One stream; what it shows is told as it comes."""

    def __init__(self, line: XmppLine) -> None:
        self._line, self._rest = line, b""
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Look for what matters, and keep what may be half of it."""
        data, end = self._rest + data, 0
        for found in _SEEN.finditer(data):
            self._line.see(found)
            end = found.end()
        self._rest = data[max(end, len(data) - _TAIL) :]


class XmppLine:
    """A person in one room."""

    def __init__(self, room: int, person: int, number: int, heard: Heard) -> None:
        self._room = f"r{room}@{ROOMS}"
        self._nick, self._user = f"p{person}l{number}", f"p{person}"
        self._number, self._heard = number, heard
        self._sent: set[int] = set()
        self._stream = Stream(self)
        self._waits: dict[str, asyncio.Future[None]] = {}
        self._query = self._came = 0
        self._first = ""
        self._reading = False

    def see(self, found: re.Match[bytes]) -> None:
        """Act on one thing that the stream showed."""
        message, answered, first, success, features, joined, error = found.groups()
        if message is not None:
            self._hear(int(message))
        elif first is not None:
            self._first = first.decode()
            self._settle("first")
        elif error is not None:
            self._heard.refused(0, "an error for a message")
        else:
            for name, seen in (
                ("answer", answered == str(self._query).encode()),
                ("success", success),
                ("features", features),
                ("joined", joined == self._nick.encode()),
            ):
                if seen:
                    self._settle(name)

    def _settle(self, name: str) -> None:
        wait = self._waits.get(name)
        if wait is not None and not wait.done():
            wait.set_result(None)

    def _hear(self, message: int) -> None:
        if self._reading:
            self._came += 1
            return
        if message in self._sent:
            self._sent.discard(message)
            self._heard.acknowledged(message)
        self._heard.delivered(self._number, message)

    async def _after(self, name: str, sent: str) -> None:
        self._waits[name] = asyncio.get_running_loop().create_future()
        self._stream.transport.write(sent.encode())
        async with asyncio.timeout(SECONDS):
            await self._waits[name]

    async def open(self, port: int) -> None:
        """Sign in and join the room, whose past is not asked for."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self._stream, "127.0.0.1", port)
        begin = (
            f"<?xml version='1.0'?><stream:stream to='{HOST}' version='1.0' xmlns='jabber:client'"
            " xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        await self._after("features", begin)
        plain = base64.b64encode(f"\0{self._user}\0{PASSWORD}".encode()).decode()
        sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
        await self._after("success", f"<auth xmlns='{sasl}' mechanism='PLAIN'>{plain}</auth>")
        await self._after("features", begin)
        bind = "urn:ietf:params:xml:ns:xmpp-bind"
        ask = f"<bind xmlns='{bind}'><resource>{self._nick}</resource></bind>"
        self._query += 1
        await self._after("answer", f"<iq type='set' id='q{self._query}'>{ask}</iq>")
        muc = "http://jabber.org/protocol/muc"
        past = f"<x xmlns='{muc}'><history maxstanzas='0'/></x>"
        await self._after("joined", f"<presence to='{self._room}/{self._nick}'>{past}</presence>")

    def send(self, message: int) -> None:
        """Send a message to the room."""
        self._sent.add(message)
        head = f"<message to='{self._room}' type='groupchat' id='i{message}'><body>m{message};"
        self._stream.transport.write(head.encode() + TEXT + b"</body></message>")

    async def read(self, limit: int) -> int:
        """Read pages of the archive, the newest first."""
        self._reading, self._came, before = True, 0, ""
        try:
            while self._came < limit:
                self._query += 1
                had, most = self._came, min(PAGE, limit - self._came)
                page = f"<max>{most}</max><before>{before}</before>"
                rsm = f"<set xmlns='http://jabber.org/protocol/rsm'>{page}</set>"
                query = f"<query xmlns='urn:xmpp:mam:2'>{rsm}</query>"
                asked = f"<iq type='set' to='{self._room}' id='q{self._query}'>{query}</iq>"
                await self._after("first", asked)
                if self._came == had:
                    break
                before = self._first
            return self._came
        finally:
            self._reading = False

    async def close(self) -> None:
        """Hang up."""
        self._stream.transport.close()
