"""Object stores for tests: a real one in a process of its own, and scripted ones that fail."""

from __future__ import annotations

import http.client
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from casehub import buckets
from tools.region.private import spare_port

KEY, SECRET = "the-web", "a secret of the store's"
BUCKET, PREFIX = "casehub-files", "region/one"
SECONDS = 30
_CLIENTS: dict[tuple[str, str, str], Any] = {}  # each takes as long to make as a whole test


class RealStore:
    """nanio, which keeps objects as files in `folder` and checks every signature."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, spare_port()
        self._process: subprocess.Popen[bytes] | None = None
        (folder / BUCKET).mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """What CASEHUB_OBJECTS says of it."""
        return f"http://127.0.0.1:{self.port}/{BUCKET}/{PREFIX}"

    @property
    def said(self) -> dict[str, str]:
        """The variables of a process that keeps files there."""
        return {
            "CASEHUB_OBJECTS": self.url,
            "CASEHUB_OBJECTS_KEY": KEY,
            "CASEHUB_OBJECTS_SECRET": SECRET,
        }

    def lies(self) -> set[str]:
        """Return the name of every object under the prefix."""
        place = self.folder / BUCKET / PREFIX
        return {str(one.relative_to(place)) for one in place.rglob("*") if one.is_file()}

    def start(self) -> Self:
        """Start it, and return once it answers."""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "nanio", "serve", "--host", "127.0.0.1"),
                *("--port", str(self.port), "--data-dir", str(self.folder), "--no-access-log"),
            ],
            env={"NANIO_ACCESS_KEY": KEY, "NANIO_SECRET_KEY": SECRET},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + SECONDS
        while not self._answers():
            assert self._process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        return self

    def _answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            asked.request("GET", "/")
            return asked.getresponse().status > 0
        except OSError:
            return False
        finally:
            asked.close()

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(SECONDS)
            self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


@dataclass
class ScriptedStore:
    """Gives every call the same answer: a status, and a body at once or in drips."""

    status: int = 200
    body: bytes = b""
    drips: float = 0.0  # seconds from one byte to the next
    certificate: Path | None = None  # with its key: it speaks TLS by it, under `localhost`
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    by: dict[str, tuple[int, bytes]] = field(default_factory=dict)  # methods answered otherwise

    @property
    def url(self) -> str:
        """What CASEHUB_OBJECTS says of it."""
        way = "http://127.0.0.1" if self.certificate is None else "https://localhost"
        return f"{way}:{self._server.server_address[1]}/{BUCKET}/{PREFIX}"

    def reset(self) -> None:
        """Forget what was asked, and answer as at first."""
        self.status, self.body, self.drips = 200, b"", 0.0
        self.asked.clear()
        self.headers.clear()
        self.sent.clear()
        self.by.clear()

    def fails(self, status: int, code: str) -> None:
        """Answer with an error as stores write it, and with words that nobody may log."""
        self.status = status
        self.body = (
            f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>secret of the store</Message>"
            "<Resource>/casehub-files/region</Resource></Error>"
        ).encode()

    def __enter__(self) -> Self:
        store = self

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                store.asked.append(f"{self.command} {self.path}")
                store.headers.append({name.lower(): text for name, text in self.headers.items()})
                store.sent.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                status, body = store.by.get(self.command, (store.status, store.body))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Type", "application/xml")
                self.end_headers()
                try:
                    if not store.drips:
                        self.wfile.write(body)
                        return
                    for one in body:
                        self.wfile.write(bytes([one]))
                        time.sleep(store.drips)
                except OSError:  # whoever asked waits no longer
                    self.close_connection = True

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer  # noqa: N815 - http.server's names

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Answering)
        if self.certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def kept_in(settings: Any, url: str, *, key: str = KEY, secret: str = SECRET) -> Iterator[Any]:
    """Let this process keep files in a store, and hand over the storage."""
    from django.core.files.storage import storages  # noqa: PLC0415 - of settings that are there

    settings.OBJECTS = buckets.read(url)
    told = buckets.storage(settings.OBJECTS, key=key, secret=secret)
    settings.STORAGES = {**settings.STORAGES, "attachments": told}
    kept: Any = storages["attachments"]
    kept._made = _CLIENTS.get((url, key, secret))
    _CLIENTS[url, key, secret] = kept._client()
    yield kept
