"""What ends TLS in front of a server, as an operator's proxy does; a certificate for one run."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from pathlib import Path
from typing import Self

from tools.region import certificate

CHUNK = 65_536  # bytes


class Certificate:
    """A self-signed certificate for `localhost`; a browser is told its key's hash."""

    def __init__(self, folder: Path) -> None:
        made = certificate.make()
        self.pin = made.pin
        self.file = folder / "localhost.pem"
        self.file.write_bytes(made.key + made.chain)


class TlsFront:
    """Listens on a port of its own, ends TLS, and hands on every byte as it is, both ways."""

    def __init__(self, port: int, *, to: int, certificate: Certificate) -> None:
        self.url = f"https://localhost:{port}"
        self._to = to
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate.file)
        self._listening = socket.create_server(("127.0.0.1", port), backlog=128)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                plain, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            outer = self._context.wrap_socket(plain, server_side=True)
            inner = socket.create_connection(("127.0.0.1", self._to))
            with outer, inner:
                back = threading.Thread(target=_pass_on, args=(inner, outer), daemon=True)
                back.start()
                _pass_on(outer, inner)
                back.join()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Pass bytes on until one side ends, then end the other."""
    with contextlib.suppress(OSError):
        while chunk := one.recv(CHUNK):
            other.sendall(chunk)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)
