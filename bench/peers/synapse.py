"""Synapse of PyPI, in an environment of its own, with PostgreSQL and its rates raised."""

from __future__ import annotations

import asyncio
import functools
import getpass
import hashlib
import hmac
import json
import secrets
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.servers.casehub_server import PROJECT
from tools import setup
from tools.region import private
from tools.region.postgres import Postgres
from tools.region.private import spare_port
from tools.steps import Stop

from . import wire
from .peer import BODY, Heard
from .started import Program

HOST = "localhost"
ENVIRONMENT = PROJECT / "var" / "peers" / "synapse"
LOCK = PROJECT / "requirements" / "synapse.txt"
TEXT = "c" * (BODY * 4 // 3)
MANY = 1_000_000
KIND = "m.room.encrypted"
MAKING = 8  # people, or who enters rooms, at once
_FILTER = quote(
    json.dumps(
        {
            "presence": {"not_types": ["*"]},
            "account_data": {"not_types": ["*"]},
            "room": {
                "account_data": {"not_types": ["*"]},
                "ephemeral": {"not_types": ["*"]},
                "state": {"not_types": ["*"], "lazy_load_members": True},
                "timeline": {"types": [KIND], "limit": 1000},
            },
        }
    )
)


def _rates() -> dict[str, Any]:
    much = {"per_second": MANY, "burst_count": MANY}
    kinds = ("message", "registration", "registration_token_validity", "3pid_validation")
    return {f"rc_{kind}": much for kind in kinds} | {
        "rc_login": {"address": much, "account": much, "failed_attempts": much},
        "rc_joins": {"local": much, "remote": much},
        "rc_joins_per_room": much,
        "rc_invites": {"per_room": much, "per_user": much, "per_issuer": much},
        "rc_admin_redaction": much,
        "rc_room_creation": much,
    }


class SynapseLine:
    """A person: one request that waits for news, and others that send."""

    def __init__(self, server: Synapse, room: str, token: str, number: int, heard: Heard) -> None:
        self._room, self._number, self._heard = quote(room), number, heard
        self._key = room
        self._http = functools.partial(server.http, token)
        self._free: list[wire.Http] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._since = ""
        self._listening = self._http()

    async def open(self) -> None:
        """Learn where the past ends, and listen from there."""
        told = await self._listening.ask("GET", f"/_matrix/client/v3/sync?filter={_FILTER}")
        self._since = told["next_batch"]
        self._start(self._listen())

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _listen(self) -> None:
        while True:
            path = f"/_matrix/client/v3/sync?filter={_FILTER}&since={self._since}&timeout=30000"
            told = await self._listening.ask("GET", path)
            self._since = told["next_batch"]
            joined = told.get("rooms", {}).get("join", {}).get(self._key, {})
            for event in joined.get("timeline", {}).get("events", ()):
                self._heard.delivered(self._number, int(event["content"]["number"]))

    def send(self, message: int) -> None:
        """Send an event that nobody but its readers could read."""
        self._start(self._send(message))

    async def _send(self, message: int) -> None:
        http = self._free.pop() if self._free else self._http()
        path = f"/_matrix/client/v3/rooms/{self._room}/send/{KIND}/t{message}"
        body = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": TEXT, "number": message}
        try:
            await http.ask("PUT", path, body)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self._heard.refused(message, str(error) or type(error).__name__)
            http.close()
            return
        self._heard.acknowledged(message)
        self._free.append(http)

    async def read(self, limit: int) -> int:
        """Read pages backwards from the newest."""
        came, after = 0, ""
        http = self._free.pop() if self._free else self._http()
        while came < limit:
            path = (
                f"/_matrix/client/v3/rooms/{self._room}/messages?dir=b&limit={limit - came}{after}"
            )
            told = await http.ask("GET", path)
            found = [one for one in told["chunk"] if one["type"] == KIND]
            if not found or "end" not in told:
                came += len(found)
                break
            came, after = came + len(found), f"&from={told['end']}"
        self._free.append(http)
        return came

    async def close(self) -> None:
        """Hang up."""
        for task in list(self._tasks):
            task.cancel()
        for http in (self._listening, *self._free):
            http.close()


class Synapse:
    """One process of it."""

    name = "Synapse"
    pace = 0.1
    parts: Mapping[str, Sequence[int]] = {}
    cores = 1
    notes: Sequence[str] = (
        "a tenth of everybody's load, and a tenth of the history",
        "opaque events, rates raised, no TLS; PostgreSQL over loopback TCP",
    )

    def __init__(self) -> None:
        self._open = ExitStack()
        self._roots: list[int] = []
        self._port = 0
        self._secret = secrets.token_hex(16)
        self._rooms: list[tuple[str, list[str]]] = []

    def missing(self) -> str:
        """Install it from its lock file, apart from everything else; return why that failed."""
        try:
            setup.apart(ENVIRONMENT, LOCK)
        except Stop as why:
            return str(why)
        return ""

    def versions(self) -> str:
        """Return what is installed there."""
        asked = "from importlib.metadata import version; print(version('matrix-synapse'))"
        done = subprocess.run(
            [ENVIRONMENT / "bin" / "python", "-c", asked],
            capture_output=True,
            text=True,
            check=True,
        )
        return f"matrix-synapse {done.stdout.strip()}"

    def http(self, token: str) -> wire.Http:
        """Return a connection of whoever has the token."""
        return wire.Http(self._port, {"Authorization": f"Bearer {token}"} if token else {})

    def start(self, rooms: Sequence[int]) -> None:
        """Serve, register people and let them into rooms: by HTTP, as there is no other way."""
        home = private.folder("synapse")
        self._open.callback(shutil.rmtree, home, ignore_errors=True)
        postgres = self._open.enter_context(Postgres(durable=True, port=spare_port()))
        self._port = spare_port()
        config = home / "homeserver.yaml"
        config.write_text(json.dumps(self._config(home, postgres)))
        python = ENVIRONMENT / "bin" / "python"
        environment = private.environment(home)
        output = home / "output"
        command = [python, "-m", "synapse.app.homeserver", "-c", config]
        made = subprocess.run(
            [*command, "--generate-keys"],
            env=environment, cwd=home, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(made.stderr[-2000:])
        program = Program(command, output=output, environment=environment, folder=home)
        self._open.callback(program.stop)
        program.listening(self._port)
        self._roots = [program.pid, postgres.pid]
        asyncio.run(self._enter(rooms))

    def _config(self, home: Path, postgres: Postgres) -> dict[str, Any]:
        """Return its settings; a JSON text is a YAML text."""
        listener = {"port": self._port, "type": "http", "tls": False}
        listener |= {"bind_addresses": ["127.0.0.1"], "resources": [{"names": ["client"]}]}
        login = {"user": getpass.getuser(), "host": "127.0.0.1", "port": postgres.port}
        logging = home / "logging.yaml"
        logging.write_text(json.dumps({"version": 1, "root": {"level": "ERROR"}}))
        return _rates() | {
            "server_name": HOST,
            "listeners": [listener],
            "database": {
                "name": "psycopg2",
                "allow_unsafe_locale": True,
                "args": login | {"dbname": postgres.create(), "cp_min": 5, "cp_max": 10},
            },
            "log_config": str(logging),
            "media_store_path": str(home / "media"),
            "signing_key_path": str(home / "signing.key"),
            "registration_shared_secret": self._secret,
            "macaroon_secret_key": self._secret,
            "form_secret": self._secret,
            "bcrypt_rounds": 4,
            "report_stats": False,
            "suppress_key_server_warning": True,
            "trusted_key_servers": [],
            "presence": {"enabled": False},
            "push": {"enabled": False},
            "federation_domain_whitelist": [],
            "url_preview_enabled": False,
        }

    async def _register(self, person: int) -> str:
        http = self.http("")
        path = "/_synapse/admin/v1/register"
        nonce = (await http.ask("GET", path))["nonce"]
        name, password = f"p{person}", "secret"
        told = f"{nonce}\0{name}\0{password}\0notadmin"
        mac = hmac.new(self._secret.encode(), told.encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": password, "admin": False, "mac": mac}
        token: str = (await http.ask("POST", path, body))["access_token"]
        http.close()
        return token

    async def _enter(self, rooms: Sequence[int]) -> None:
        gate = asyncio.Semaphore(MAKING)

        async def gated(work: Any) -> Any:
            async with gate:
                return await work

        people = [gated(self._register(person)) for person in range(sum(rooms))]
        tokens = list(await asyncio.gather(*people))
        for size in rooms:
            mine, tokens = tokens[:size], tokens[size:]
            owner = self.http(mine[0])
            made = {"preset": "public_chat", "visibility": "private"}
            room = (await owner.ask("POST", "/_matrix/client/v3/createRoom", made))["room_id"]
            owner.close()
            self._rooms.append((room, mine))
        entering = [gated(self._join(room, one)) for room, mine in self._rooms for one in mine[1:]]
        await asyncio.gather(*entering)

    async def _join(self, room: str, token: str) -> None:
        http = self.http(token)
        await http.ask("POST", f"/_matrix/client/v3/rooms/{quote(room)}/join", {})
        http.close()

    def stop(self) -> None:
        """End everything."""
        self._open.close()

    def roots(self) -> list[int]:
        """Return its own process and PostgreSQL's."""
        return self._roots

    async def connect(self, room: int, member: int, line: int, heard: Heard) -> SynapseLine:
        """Begin to listen."""
        key, tokens = self._rooms[room]
        made = SynapseLine(self, key, tokens[member], line, heard)
        await made.open()
        return made
