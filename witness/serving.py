"""
`serve`: the witness as an HTTP server that logs send their checkpoints to (C2SP tlog-witness).

One request a connection, a bounded body, a bounded time and a bounded number of connections:
whoever can reach it can make it busy for seconds, not for ever. TLS, if wanted, ends at a proxy in
front.
"""

from __future__ import annotations

import re
import socket
import socketserver
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .errors import Behind, Refused, Stop
from .offers import MOST_BYTES
from .saying import answer, say
from .witnessing import Witness

MOST_CONNECTIONS = 32
LONGEST = 15  # seconds of a connection, from its first byte to its last
_TEXT = "text/plain; charset=utf-8"
_SIZE = "text/x.tlog.size"
_MONITORED = re.compile(r"/([0-9a-f]{64})/checkpoint", re.ASCII)
_LENGTH = re.compile(r"[0-9]{1,9}", re.ASCII)
_PORT = re.compile(r"[0-9]{1,5}", re.ASCII)
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Server(ThreadingHTTPServer):
    """A server of one witness."""

    daemon_threads = False  # what is being answered is answered before the end
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        """
        Listen.

        :raises OSError: if the address cannot be listened on.
        """
        self.witness = witness
        self._deadlines: dict[socket.socket, float] = {}
        self._counting = threading.Lock()
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self.server_address[:2]
        name = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"http://{name}:{port}"

    def server_bind(self) -> None:
        """Bind without asking the name service who we are, as the parent class does."""
        socketserver.TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a connection if there are not too many."""
        with self._counting:
            free = len(self._deadlines) < MOST_CONNECTIONS
            if free:
                self._deadlines[request] = time.monotonic() + LONGEST
        if not free:
            request.setblocking(False)
            with suppress(OSError):  # whoever cannot take it at once goes without
                request.send(_BUSY)
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def service_actions(self) -> None:
        """End connections whose time is over; called twice a second."""
        now = time.monotonic()
        self._end(socket.SHUT_RDWR, lambda deadline: deadline <= now)

    def _end(self, how: int, whose: Callable[[float], bool]) -> None:
        with self._counting:
            for request, deadline in self._deadlines.items():
                if whose(deadline):
                    with suppress(OSError):  # gone already
                        request.shutdown(how)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection, and give its place away."""
        with self._counting:
            self._deadlines.pop(request, None)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Listen to nobody any more, finish what is being answered."""
        self._end(socket.SHUT_RD, lambda _deadline: True)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - its name
        """Say in one line what nobody foresaw; a client that went away is no news."""
        error = sys.exception()
        if not isinstance(error, OSError):
            say(f"a request failed: {type(error).__name__}: {error}")


class Handler(BaseHTTPRequestHandler):
    """One request to a witness."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = LONGEST

    def do_POST(self) -> None:
        """Add a checkpoint."""
        if self.path != "/add-checkpoint":
            self._reply(HTTPStatus.NOT_FOUND, "no such address\n")
            return
        try:
            line = self.server.witness.add(self._body(), int(time.time()))
        except Behind as error:
            self._reply(error.status, f"{error.size}\n", _SIZE)
        except Refused as error:
            self._reply(error.status, f"{error}\n")
        else:
            self._reply(HTTPStatus.OK, line)

    def do_GET(self) -> None:
        """Answer what was cosigned last, or whether the witness is well."""
        found = _MONITORED.fullmatch(self.path)
        try:
            if self.path == "/healthz":
                self.server.witness.origins()
                text: str | None = "ok\n"
            else:
                text = self.server.witness.monitored(found[1]) if found else None
        except sqlite3.Error:
            self._reply(HTTPStatus.INTERNAL_SERVER_ERROR, "the state cannot be read\n")
        else:
            if text is None:
                self._reply(HTTPStatus.NOT_FOUND, "nothing of that name was cosigned\n")
            else:
                self._reply(HTTPStatus.OK, text)

    def do_HEAD(self) -> None:
        """Answer as GET does, without the body."""
        self.do_GET()

    def _body(self) -> str:
        """
        Read the body.

        :raises Refused: if it is too long, not there, or no text.
        """
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not _LENGTH.fullmatch(length):
            raise Refused(411, "say how long the body is")
        if int(length) > MOST_BYTES:
            raise Refused(413, f"a request has at most {MOST_BYTES} bytes")
        try:
            return _text(self.rfile.read(int(length)), int(length))
        except TimeoutError as error:
            raise Refused(408, "the body did not come") from error

    def _reply(self, status: int, body: str, kind: str = _TEXT) -> None:
        raw = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    def send_error(
        self,
        code: int,
        message: str | None = None,
        explain: str | None = None,  # noqa: ARG002 - the parent's argument
    ) -> None:
        """Answer what is no HTTP for us, as text."""
        self._reply(code, f"{message or 'refused'}\n")

    def version_string(self) -> str:
        """Return who answers, without whose Python."""
        return "casehub-witness"

    def log_message(self, *_: Any) -> None:
        """Keep no list of callers."""


def _text(raw: bytes, length: int) -> str:
    if len(raw) != length:
        raise Refused(400, "the body is shorter than it said")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Refused(400, "malformed: not UTF-8") from error


def address(text: str) -> tuple[str, int]:
    """
    Read HOST:PORT, with an IPv6 address in brackets.

    :raises Stop: if it is none.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host or not _PORT.fullmatch(port) or int(port) > 65535:  # noqa: PLR2004
        raise Stop(f"{text} is not an address: say HOST:PORT, as 127.0.0.1:8090")
    return host.removeprefix("[").removesuffix("]"), int(port)


def serve(witness: Witness, listen: str, stopping: threading.Event) -> None:
    """
    Serve until told to stop. The first line on standard output says where.

    :raises Stop: if the address cannot be listened on.
    """
    try:
        server = Server(address(listen), witness)
    except OSError as error:
        raise Stop(f"{listen} cannot be listened on: {error.strerror}") from error
    loop = threading.Thread(target=server.serve_forever)
    loop.start()
    try:
        answer(f"listening on {server.url}")
        stopping.wait()
    finally:
        server.shutdown()
        loop.join()
        server.server_close()
