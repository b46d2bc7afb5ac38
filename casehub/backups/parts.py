"""
Named parts one after the other in one stream (pure), of lengths that nobody knows beforehand.

    N u32 name    a part begins
    D u32 bytes   more of it
    E u32 (0)     the end of all
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from .errors import Stopped

LONGEST_NAME: Final = 300
LONGEST: Final = 1024 * 1024  # bytes in one record
HEAD: Final = 5
Part = tuple[str, Iterable[bytes]]


def _record(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "big") + body


def write(parts: Iterable[Part]) -> Iterator[bytes]:
    """Return the stream of all parts."""
    for name, portions in parts:
        yield _record(b"N", name.encode())
        for portion in portions:
            for first in range(0, len(portion), LONGEST):
                yield _record(b"D", portion[first : first + LONGEST])
    yield _record(b"E", b"")


class _Reader:
    def __init__(self, stream: Iterator[bytes]) -> None:
        self._stream, self._held = stream, bytearray()

    def take(self, count: int) -> bytes:
        while len(self._held) < count:
            more = next(self._stream, None)
            if more is None:
                raise Stopped("backup-changed", "its parts do not end")
            self._held += more
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken

    def record(self) -> tuple[bytes, bytes]:
        head = self.take(HEAD)
        kind, length = head[:1], int.from_bytes(head[1:], "big")
        if length > {b"N": LONGEST_NAME, b"D": LONGEST, b"E": 0}.get(kind, -1):
            raise Stopped("backup-changed", "its parts are none")
        return kind, self.take(length)

    def finish(self) -> None:
        """Read to the end of the stream, so that its last piece has been opened."""
        if self._held or any(self._stream):
            raise Stopped("backup-changed", "something follows on its end")


def read(stream: Iterator[bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """
    Return each part's name and its portions; what is left unread of one is passed over.

    :raises Stopped: `backup-changed` if they are no parts, or do not end with the stream.
    """
    reader = _Reader(stream)
    kind, body = reader.record()
    while kind == b"N":
        ended: list[tuple[bytes, bytes]] = []

        def portions(ended: list[tuple[bytes, bytes]] = ended) -> Iterator[bytes]:
            while not ended:
                found = reader.record()
                if found[0] == b"D":
                    yield found[1]
                else:
                    ended.append(found)

        try:
            name = body.decode()
        except UnicodeDecodeError as error:
            raise Stopped("backup-changed", "its parts are none") from error
        told = portions()
        yield name, told
        for _ in told:
            pass
        kind, body = ended[0]
    if kind != b"E":
        raise Stopped("backup-changed", "its parts are none")
    reader.finish()
