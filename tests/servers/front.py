"""The edge of compose.yaml alone, in front of a web that a test brings."""

from __future__ import annotations

import shutil
import socket
import ssl
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

from tools.region.region import Region


class Front(Region):
    """nginx by the templates of deploy/nginx, which hands on to one port in place of every web."""

    def __init__(self, port: int, *, tls: bool) -> None:
        home = Path(tempfile.mkdtemp(prefix="ch-front-"))
        home.chmod(0o755)  # the servers' unprivileged user enters it
        self._web_port = port
        super().__init__(home, tls=tls)

    def _answers(self) -> dict[str, str]:
        for name in [name for name in self.ports if name.startswith("web-")]:
            self.ports[name] = self._web_port
        return super()._answers()

    def __enter__(self) -> Self:
        try:
            self._prepare()
            self._edge()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.processes.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def line(self, address: str = "127.0.0.1", *, speaks: str = "http/1.1") -> socket.socket:
        """Connect from an address of this machine, and say nothing yet."""
        plain = socket.create_connection(("127.0.0.1", self.ports["edge"]), 10, (address, 0))
        if not self.tls:
            return plain
        trusted = ssl.create_default_context(cafile=str(self.home / "secrets" / "tls_certificate"))
        trusted.set_alpn_protocols([speaks])
        return trusted.wrap_socket(plain, server_hostname="localhost")

    def exchange(self, request: bytes, address: str = "127.0.0.1") -> bytes:
        """Send a request as it is and return everything that comes back until the edge closes."""
        with self.line(address) as own:
            own.sendall(request)
            return b"".join(iter(lambda: own.recv(65536), b""))


class Overheard:
    """A port that leads to another one, and keeps what was said to it, byte for byte."""

    def __init__(self, to: int) -> None:
        self._to, self._said = to, bytearray()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]

    def said(self) -> bytes:
        """Return what was said since the last time."""
        said = bytes(self._said)
        self._said.clear()
        return said

    def __enter__(self) -> Self:
        threading.Thread(target=self._open, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._door.close()

    def _open(self) -> None:
        while True:
            try:
                asked, _ = self._door.accept()
            except OSError:  # closed
                return
            beyond = socket.create_connection(("127.0.0.1", self._to))
            for ways in ((asked, beyond, self._said), (beyond, asked, None)):
                threading.Thread(target=self._hand_on, args=ways, daemon=True).start()

    def _hand_on(self, heard: socket.socket, to: socket.socket, kept: bytearray | None) -> None:
        with suppress(OSError):
            while piece := heard.recv(65536):
                if kept is not None:
                    kept.extend(piece)
                to.sendall(piece)
        with suppress(OSError):
            to.shutdown(socket.SHUT_WR)
