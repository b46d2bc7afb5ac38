"""What both XMPP servers have in common: the database, the lines, the end."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from tools.region import private
from tools.region.postgres import Postgres
from tools.region.private import spare_port

from .peer import Heard
from .started import Program
from .xmpp import XmppLine


class XmppServer:
    """One of them; a class of its own configures and starts it."""

    name = ""
    pace = 1.0
    parts: Mapping[str, Sequence[int]] = {}
    cores = 1
    notes: Sequence[str] = (
        "a room acknowledges by its own copy of the message",
        "opaque bodies, no limits, no TLS; archive in PostgreSQL, over loopback TCP",
    )

    def __init__(self) -> None:
        self._open = ExitStack()
        self._roots: list[int] = []
        self.port = 0
        self._first: list[int] = []

    def command(self, home: Path, postgres: Postgres) -> Program:
        """Configure and start the server, whose port is set."""
        raise NotImplementedError

    def start(self, rooms: Sequence[int]) -> None:
        """Serve; rooms are made by the first who enters."""
        home = private.folder(self.name.lower())
        self._open.callback(shutil.rmtree, home, ignore_errors=True)
        postgres = self._open.enter_context(Postgres(durable=True, port=spare_port()))
        self.port = spare_port()
        program = self.command(home, postgres)
        self._open.callback(program.stop)
        program.listening(self.port)
        self._roots = [program.pid, postgres.pid]
        self._first = [sum(rooms[:number]) for number in range(len(rooms))]

    def stop(self) -> None:
        """End everything."""
        self._open.close()

    def roots(self) -> list[int]:
        """Return its own process and PostgreSQL's."""
        return self._roots

    async def connect(self, room: int, member: int, line: int, heard: Heard) -> XmppLine:
        """Sign in and enter."""
        made = XmppLine(room, self._first[room] + member, line, heard)
        await made.open(self.port)
        return made
