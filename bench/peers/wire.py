"""
A WebSocket and an HTTP client that do as little as they can: the driver must not be what is slow.

Masking is with a key of zeros, which RFC 6455 lets a client choose; frames come whole, as every
server measured here sends them.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import Callable, Mapping
from typing import Any

SECONDS = 60.0
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_SHORT, _LONG = 126, 1 << 16
_HEAD, _MIDDLE, _LARGE = 2, 2, 8  # bytes: of a frame's beginning, of its longer sizes
_REFUSED = 400


def framed(payload: bytes, kind: int = _TEXT) -> bytes:
    """Return a client's frame, masked with zeros."""
    size = len(payload)
    if size < _SHORT:
        head = bytes((0x80 | kind, 0x80 | size))
    elif size < _LONG:
        head = bytes((0x80 | kind, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | kind, 0x80 | 127)) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload


class Frames:
    """Bytes in, whole frames of a server out (pure)."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Return the frames that are whole now, as kind and payload."""
        data = self._rest + data if self._rest else data
        found, at, end = [], 0, len(data)
        while end - at >= _HEAD:
            size, start = data[at + 1] & 0x7F, at + 2
            if size == _SHORT:
                if end - start < _MIDDLE:
                    break
                size, start = int.from_bytes(data[start : start + 2], "big"), start + 2
            elif size > _SHORT:
                if end - start < _LARGE:
                    break
                size, start = int.from_bytes(data[start : start + 8], "big"), start + 8
            if end - start < size:
                break
            found.append((data[at] & 0x0F, data[start : start + size]))
            at = start + size
        self._rest = data[at:]
        return found


class Socket(asyncio.Protocol):
    """One WebSocket; `heard` gets the bytes of every text frame."""

    def __init__(self, request: bytes, heard: Callable[[bytes], None]) -> None:
        self._request, self._heard = request, heard
        self._frames, self._head = Frames(), b""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = False
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._transport = transport
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Read the answer to the upgrade, then frames."""
        if not self.opened.done():
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self.opened.set_exception(ConnectionError(head[:200].decode("latin-1")))
                return
            self.opened.set_result(None)
        for kind, payload in self._frames.feed(data):
            if kind == _TEXT:
                self._heard(payload)
            elif kind == _PING:
                self._transport.write(framed(payload, _PONG))
            elif kind == _CLOSE:
                self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that it is over."""
        self.closed = True
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("closed at once"))

    def send(self, text: bytes) -> None:
        """Send one text frame, if there is still somebody."""
        if not self.closed:
            self._transport.write(framed(text))

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def socket(
    port: int, path: str, headers: Mapping[str, str], heard: Callable[[bytes], None]
) -> Socket:
    """Open a WebSocket on this machine."""
    fixed = {
        "Host": f"localhost:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
    }
    loop = asyncio.get_running_loop()
    request = _head("GET", path, fixed | dict(headers))
    _, made = await loop.create_connection(lambda: Socket(request, heard), "127.0.0.1", port)
    async with asyncio.timeout(SECONDS):
        await made.opened
    return made


def _head(method: str, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {one}" for name, one in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


class Http:
    """One connection that is kept; one request after the other."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self._port, self._headers = port, {"Host": f"localhost:{port}"} | dict(headers)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """
        Return what JSON an answer holds.

        :raises ConnectionError: if it is a refusal.
        """
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 24)
        reader, writer = self._streams
        sent = b"" if body is None else json.dumps(body).encode()
        headers = self._headers | {"Content-Length": str(len(sent))}
        if body is not None:
            headers["Content-Type"] = "application/json"
        writer.write(_head(method, path, headers) + sent)
        async with asyncio.timeout(SECONDS):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            told = await _body(reader, head.lower())
        if int(head.split(" ", 2)[1]) >= _REFUSED:
            raise ConnectionError(f"{method} {path}: {head.splitlines()[0]} {told[:300]!r}")
        if "connection: close" in head.lower():
            self.close()
        return json.loads(told) if told else None

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _body(reader: asyncio.StreamReader, head: str) -> bytes:
    if "transfer-encoding: chunked" in head:
        parts = []
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            parts.append((await reader.readexactly(size + 2))[:-2])
        await reader.readexactly(2)
        return b"".join(parts)
    size = next(
        (
            int(line.split(":")[1])
            for line in head.splitlines()
            if line.startswith("content-length")
        ),
        0,
    )
    return await reader.readexactly(size)
