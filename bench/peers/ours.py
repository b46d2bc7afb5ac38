"""CaseHub itself, in its configurations: durable databases, the log signed, everything asked."""

from __future__ import annotations

import asyncio
import functools
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import django

from casehub.core.frames import to_b64u
from tests.framed import private_message
from tests.servers.casehub_server import PROJECT, READY, Place
from tests.servers.configurations import SEQUENCER_ROLE, WEB_ROLE
from tests.servers.sequencing import Sequencing
from tools.region.postgres import Postgres
from tools.region.private import spare_port
from tools.region.valkey import Valkey

from . import population, wire
from .peer import BODY, Heard
from .results import DATABASE, LAYER, SIGNER, WEB
from .started import Program

COOKIE = "casehub"
CSRF = "a" * 32  # compared with itself: whoever has the cookie has the header
CIPHERTEXT = b"c" * BODY


@functools.lru_cache(maxsize=512)
def _read(text: bytes) -> tuple[str, tuple[int, ...], str]:
    """Return a frame's type, its messages and its code; the same text reaches a whole room."""
    told = json.loads(text)
    if told["type"] == "entries":
        return "entries", tuple(UUID(one["id"]).int for one in told["entries"]), ""
    named = (UUID(told["id"]).int,) if told.get("id") else (0,)
    return told["type"], named, str(told.get("code", ""))


class OurLine:
    """A page's socket, and the requests of the same session."""

    socket: wire.Socket

    def __init__(self, thread: UUID, number: int, http: wire.Http, heard: Heard) -> None:
        self._thread, self._number, self._http, self._heard = thread, number, http, heard
        self.seated = asyncio.Event()

    def hear(self, text: bytes) -> None:
        """Tell the driver what a frame says."""
        kind, messages, code = _read(text)
        if kind == "entries":
            for message in messages:
                self._heard.delivered(self._number, message)
        elif kind == "accepted":
            self._heard.acknowledged(messages[0])
        elif kind == "refused":
            self._heard.refused(messages[0], code)
        elif kind == "hello":
            self.seated.set()

    def send(self, message: int) -> None:
        """Send a message that looks like one of MLS."""
        id_ = UUID(int=message)
        body = private_message(self._thread, id=id_, ciphertext=CIPHERTEXT)
        frame = {"type": "post", "thread": str(self._thread), "epoch": 0, "id": str(id_)}
        self.socket.send(json.dumps(frame | {"body": to_b64u(body)}).encode())

    async def read(self, limit: int) -> int:
        """Read pages of the log, as a client that was away."""
        path = f"/api/threads/{self._thread}"
        head = (await self._http.ask("GET", f"{path}/log?after=0&limit=1"))["head"]
        after, came = head - limit, 0
        while came < limit:
            asked = f"{path}/log?after={after}&limit={min(500, limit - came)}"
            entries = (await self._http.ask("GET", asked))["entries"]
            if not entries:
                break
            came, after = came + len(entries), entries[-1]["seq"]
        return came

    async def close(self) -> None:
        """Hang up."""
        self._http.close()
        self.socket.close()


class Ours:
    """One of our configurations."""

    pace = 1.0

    def __init__(self, name: str, *, processes: int = 0, entries: int = 0) -> None:
        self.name, self._processes = name, processes  # 0: embedded
        self._entries = entries  # that the log has before anybody comes
        self.cores = max(1, processes)
        self.notes: Sequence[str] = ()
        self._open = ExitStack()
        self._ports: list[int] = []
        self._rooms: list[population.Room] = []
        self._roots: list[int] = []
        self.parts: dict[str, list[int]] = {WEB: []}

    def missing(self) -> str:
        """Never: it is the project itself."""
        return ""

    def versions(self) -> str:
        """Return what it stands on."""
        return f"CaseHub on Django {django.__version__}"

    def start(self, rooms: Sequence[int]) -> None:
        """Prepare a place, let people in, serve."""
        data = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="casehub-peer-")))
        place = Place("embedded", data) if not self._processes else self._full(data)
        place.manage("migrate", "--verbosity", "0", **place.owner)
        if place.owner:
            roles = ("--app", WEB_ROLE, "--sequencer", SEQUENCER_ROLE)
            place.manage("database_roles", *roles, **place.owner)
        if self._entries:
            command = [sys.executable, "-m", "bench.peers.grown", str(self._entries)]
            subprocess.run(command, env=place.environment(**place.owner), cwd=PROJECT, check=True)
        self._rooms = population.enter(place, rooms)
        if place.sequencer:
            signing = Place("full", data, place.settings | place.sequencer)
            sequencing = self._open.enter_context(Sequencing(signing))
            self._roots.append(sequencing.pid)
            self.parts[SIGNER] = [sequencing.pid]
        for _ in range(self.cores):
            port = spare_port()
            serving = Program(
                [sys.executable, "-m", "bench.peers.raised", "serve"],
                output=data / f"serve-{port}.log",
                environment=place.environment(
                    PORT=str(port), CASEHUB_PROCESSES=str(self.cores), PYTHONUNBUFFERED="1"
                ),
                folder=PROJECT,
            )
            self._open.callback(serving.stop)
            serving.listening(port, word=READY)
            self._ports.append(port)
            self._roots.append(serving.pid)
            self.parts[WEB].append(serving.pid)

    def _full(self, data: Path) -> Place:
        postgres = self._open.enter_context(Postgres(durable=True))
        valkey = self._open.enter_context(Valkey())
        self._roots += [postgres.pid, valkey.pid]
        self.parts |= {DATABASE: [postgres.pid], LAYER: [valkey.pid]}
        database = postgres.create()
        urls = [
            {"DATABASE_URL": postgres.url(database, role=role)}
            for role in (WEB_ROLE, "", SEQUENCER_ROLE)
        ]
        web = urls[0] | {"REDIS_URL": valkey.url}
        return Place("full", data, web, owner=urls[1], sequencer=urls[2])

    def stop(self) -> None:
        """End everything."""
        self._open.close()

    def roots(self) -> list[int]:
        """Return the web's processes, the one that signs, and those of the databases."""
        return self._roots

    async def connect(self, room: int, member: int, line: int, heard: Heard) -> OurLine:
        """Fetch a ticket and open a socket."""
        port = self._ports[line % len(self._ports)]
        mine = self._rooms[room]
        cookie = f"{COOKIE}={mine.cookies[member]}"
        origin = f"http://localhost:{port}"
        headers = {
            "Cookie": f"{cookie}; csrftoken={CSRF}",
            "Origin": origin,
            "Accept-Language": "en",
        }
        http = wire.Http(port, headers | {"X-CSRFToken": CSRF})
        ticket = (await http.ask("POST", "/api/socket-ticket", {}))["ticket"]
        made = OurLine(mine.thread, line, http, heard)
        protocols = {"Sec-WebSocket-Protocol": f"casehub.1, ticket.{ticket}"}
        opened = {"Cookie": cookie, "Origin": origin, "Accept-Language": "en"} | protocols
        made.socket = await wire.socket(port, "/socket", opened, made.hear)
        async with asyncio.timeout(wire.SECONDS):
            await made.seated.wait()
        return made
