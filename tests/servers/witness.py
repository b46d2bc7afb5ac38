"""Witnesses for tests: real ones in processes of their own, and scripted ones that lie."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.tlog.note import CosigningKey, Key
from tests.servers.casehub_server import PROJECT


class RealWitness:
    """`python -m witness serve` with a key and a memory in `folder`."""

    def __init__(self, name: str, folder: Path, logs: Iterable[Key | str]) -> None:
        self.name, self.folder, self.url = name, folder, ""
        self._logs = [str(key) for key in logs]
        self._process: subprocess.Popen[str] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "key").exists():
            self._run("key", str(folder / "key"), "--name", f"witness.{name.lower()}.example")
        self.key = Key.parse(self._run("vkey", str(folder / "key")))

    @staticmethod
    def _run(*arguments: str) -> str:
        command = [sys.executable, "-m", "witness", *arguments]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def start(self, port: int = 0) -> Self:
        """Start it; `url` says where it listens."""
        logs = [word for key in self._logs for word in ("--log", key)]
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "witness", "serve", "--key", str(self.folder / "key")),
                *("--state", str(self.folder / "state"), "--listen", f"127.0.0.1:{port}", *logs),
                "--until-eof",
            ],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip().removeprefix("listening on ")
        assert self.url.startswith("http")
        return self

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.url.rpartition(":")[2])

    def stop(self) -> None:
        """Kill it; what it has seen stays."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


# What a scripted witness answers: status, content type, body, or more headers with it.
Answer = tuple[int, str, str]


@dataclass
class ScriptedWitness:
    """A witness that answers what a test says: `add(body)` for offers, `shows` for its head."""

    name: str
    add: Callable[[str], Answer]
    shows: str = ""
    offers: list[str] = field(default_factory=list)
    key: Key = field(init=False)
    signer: CosigningKey = field(init=False)
    url: str = field(init=False, default="")

    def __post_init__(self) -> None:
        name = f"witness.{self.name.lower()}.example"
        self.signer = CosigningKey(name, Ed25519PrivateKey.generate())
        self.key = self.signer.public

    def line(self, body: str, *, late: float = 0) -> str:
        """Return its signature of the checkpoint in an offer, `late` seconds from now."""
        text = body.split("\n\n", 1)[1].partition("\n\n")[0] + "\n"
        return self.signer.sign(text, int(time.time() + late))

    def start(self) -> Self:
        """Listen on a spare port."""
        mine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                mine.offers.append(body)
                self._answer(*mine.add(body))

            def do_GET(self) -> None:
                self._answer(200 if mine.shows else 404, "text/plain", mine.shows)

            def _answer(self, status: int, kind: str, body: str) -> None:
                raw = body.encode()
                self.send_response(status)
                if status in {301, 302, 307, 308}:
                    self.send_header("Location", body)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        """Listen no longer."""
        self._server.shutdown()
        self._server.server_close()
