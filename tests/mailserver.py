"""A mail server for tests: speaks as much SMTP (RFC 5321) as is needed, and answers as told."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self

USUAL = {"connect": "220 mail.test", "DATA": "354 go on", "QUIT": "221 bye"}
DROP = "drop"


class _Over(Exception):
    """The connection ends."""


@dataclass
class MailServer:
    """
    Listens on a port of this machine while it is entered.

    `answers`: what it says to a verb instead of the usual, one after the other (the last stays);
    "body" is the end of a message, and "drop" ends the connection without a word.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    greeted: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=[ready], daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def messages(self) -> list[EmailMessage]:
        """What was taken, read as a mailbox would."""
        return [message_from_bytes(one, policy=policy.default) for one in self.bodies]

    def _run(self, ready: threading.Event) -> None:
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._say("connect", writer)
            while line := (await reader.readline()).decode().strip():
                await self._hear(line, reader, writer)
        except (OSError, asyncio.IncompleteReadError, _Over):
            pass
        finally:
            writer.close()

    async def _say(self, verb: str, writer: asyncio.StreamWriter) -> bool:
        """Answer a verb, and say whether it was done."""
        told = self.answers.get(verb) or [USUAL.get(verb, "250 ok")]
        line = told.pop(0) if len(told) > 1 else told[0]
        if line == DROP:
            raise _Over
        writer.write(f"{line}\r\n".encode())
        await writer.drain()
        return line[0] in "23"

    async def _hear(
        self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        verb = line.split(" ", maxsplit=1)[0].upper()
        if verb == "EHLO":
            self.greeted.append(line[5:])
        done = await self._say(verb, writer)
        if verb == "QUIT":
            raise _Over
        if verb == "RCPT" and done:
            self.recipients.append(line.partition("<")[2].partition(">")[0])
        if verb == "DATA" and done:
            body = await reader.readuntil(b"\r\n.\r\n")
            if await self._say("body", writer):
                self.bodies.append(body[:-3])


@dataclass
class Talker:
    """Stands where a mail server should, and says one thing over and over to whoever connects."""

    what: bytes
    pause: float  # seconds between two times
    heard_end: bool = False  # whether who connected went away
    port: int = 0

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._talk, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(10)
        self._listening.close()

    def _talk(self) -> None:
        line, _ = self._listening.accept()
        with line:
            try:
                while True:
                    line.sendall(self.what)
                    time.sleep(self.pause)
            except OSError:
                self.heard_end = True
