"""
A stream sealed in pieces of 64 KiB (pure), as STREAM of Hoang and others (2015) has it.

    piece i     AES-256-GCM(key, nonce, plaintext), a tag of 16 bytes at its end
    nonce       zero[7] | i u32 | last u8        last is 1 for the last piece, else 0

A key seals one stream. A piece that was changed, moved, left out or added does not open; nor does
a stream that was cut short, whose end is not marked as one. Nobody holds more than a piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .errors import Stopped

PIECE: Final = 64 * 1024  # bytes of plaintext
TAG: Final = 16
KEY: Final = 32
MOST: Final = 2**32  # pieces: 256 TiB


def _nonce(index: int, *, last: bool) -> bytes:
    if index >= MOST:
        raise Stopped("backup-changed", "it has too many pieces")
    return bytes(7) + index.to_bytes(4, "big") + bytes([last])


def seal(key: bytes, plain: Iterable[bytes]) -> Iterator[bytes]:
    """Seal what comes, in whatever portions it comes, piece by piece."""
    cipher, held, index = AESGCM(key), bytearray(), 0
    for portion in plain:
        held += portion
        while len(held) > PIECE:  # one that is exactly full may be the last
            yield cipher.encrypt(_nonce(index, last=False), bytes(held[:PIECE]), None)
            del held[:PIECE]
            index += 1
    yield cipher.encrypt(_nonce(index, last=True), bytes(held), None)


class Readable(Protocol):
    """What is read from its beginning to its end."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer at the end."""


def unseal(key: bytes, sealed: Readable) -> Iterator[bytes]:
    """
    Return the plaintext of each piece; only after the last one is the whole as it was written.

    :raises Stopped: `backup-changed` at the first piece that does not open in its place.
    """
    cipher, index = AESGCM(key), 0
    piece = sealed.read(PIECE + TAG)
    while True:
        following = sealed.read(PIECE + TAG) if len(piece) == PIECE + TAG else b""
        try:
            yield cipher.decrypt(_nonce(index, last=not following), piece, None)
        except InvalidTag as error:
            raise Stopped("backup-changed", f"piece {index} does not open") from error
        if not following:
            return
        piece, index = following, index + 1
