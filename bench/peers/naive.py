"""The first thing that one writes with Channels, as a server to measure."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path
from typing import Any

from tests.servers.casehub_server import PROJECT
from tools.region.postgres import Postgres
from tools.region.private import spare_port
from tools.region.valkey import Valkey

from . import wire
from .peer import BODY, Heard
from .started import Program

TEXT = "c" * (BODY * 4 // 3)  # as base64 would be


@functools.lru_cache(maxsize=512)
def _read(text: bytes) -> tuple[str, int, int]:
    told = json.loads(text)
    return told["type"], told.get("id", 0), len(told.get("entries", ()))


class NaiveLine:
    """A socket on which everything goes, history too."""

    socket: wire.Socket

    def __init__(self, room: int, number: int, heard: Heard) -> None:
        self._room, self._number, self._heard = room, number, heard
        self.seated = asyncio.Event()
        self._history: asyncio.Future[int] | None = None

    def hear(self, text: bytes) -> None:
        """Tell the driver what a frame says."""
        kind, message, count = _read(text)
        if kind == "message":
            self._heard.delivered(self._number, message)
        elif kind == "accepted":
            self._heard.acknowledged(message)
        elif kind == "hello":
            self.seated.set()
        elif self._history is not None:
            self._history.set_result(count)

    def _say(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame).encode())

    def send(self, message: int) -> None:
        """Send a message."""
        self._say(type="send", room=self._room, id=message, body=TEXT)

    async def read(self, limit: int) -> int:
        """Ask for history and wait for it."""
        self._history = asyncio.get_running_loop().create_future()
        self._say(type="read", room=self._room, limit=limit)
        async with asyncio.timeout(wire.SECONDS):
            return await self._history

    async def close(self) -> None:
        """Hang up."""
        self.socket.close()


class Naive:
    """One Daphne, PostgreSQL, and Redis' protocol as the channel layer."""

    name = "naive Channels"
    pace = 1.0
    parts: Mapping[str, Sequence[int]] = {}
    cores = 1
    notes: Sequence[str] = ("no sign-in, no log in a tree: who asks says who they are",)

    def __init__(self) -> None:
        self._open = ExitStack()
        self._roots: list[int] = []
        self._port = 0
        self._first: list[int] = []

    def missing(self) -> str:
        """Never: it needs what the product needs."""
        return ""

    def versions(self) -> str:
        """Return what it stands on."""
        names = ("django", "channels", "channels-redis", "daphne")
        return ", ".join(f"{name} {metadata.version(name)}" for name in names)

    def start(self, rooms: Sequence[int]) -> None:
        """Serve."""
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="casehub-peer-")))
        postgres = self._open.enter_context(Postgres(durable=True))
        valkey = self._open.enter_context(Valkey())
        self._port = spare_port()
        url = {"DATABASE_URL": postgres.url(postgres.create()), "REDIS_URL": valkey.url}
        program = Program(
            [sys.executable, "-m", "bench.peers.naive_app", self._port, *rooms],
            output=folder / "output",
            environment=os.environ | url,
            folder=PROJECT,
        )
        self._open.callback(program.stop)
        program.listening(self._port, word="ready")
        self._roots = [program.pid, postgres.pid, valkey.pid]
        self._first = [sum(rooms[:number]) for number in range(len(rooms))]

    def stop(self) -> None:
        """End everything."""
        self._open.close()

    def roots(self) -> list[int]:
        """Return the web's process and those of the databases."""
        return self._roots

    async def connect(self, room: int, member: int, line: int, heard: Heard) -> NaiveLine:
        """Open a socket."""
        made = NaiveLine(room, line, heard)
        path = f"/?p={self._first[room] + member}"
        made.socket = await wire.socket(self._port, path, {}, made.hear)
        async with asyncio.timeout(wire.SECONDS):
            await made.seated.wait()
        return made
