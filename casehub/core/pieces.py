"""
Encrypted files in pieces: to which sizes they are padded, and what stands for a whole one (pure).

The server is told a file's padded size and no other: about fourteen of them stand for each
doubling. `frontend/src/crypto/fileSeal.ts` computes the same ones (tests/vectors/files.json).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Final
from uuid import UUID

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB

CHUNK: Final = MIB
"""Bytes of plaintext in each piece but the last."""

TAG: Final = 16
"""What AES-GCM adds to each piece."""

MOST_BYTES: Final = 2 * GIB
"""Of one file, before it is padded."""

_LEAST: Final = 4 * KIB


@cache
def sizes() -> tuple[int, ...]:
    """Return every padded size, smallest first: each at most a twentieth above the one before."""
    found = [_LEAST]
    while found[-1] < MOST_BYTES:
        found.append(found[-1] + found[-1] // 20)
    return tuple(found)


def is_padded(size: int) -> bool:
    """Say whether `size` is one of those that files are padded to."""
    return size in sizes()


def chunks_of(size: int) -> int:
    """Return in how many pieces so many padded bytes come."""
    return -(-size // CHUNK)


def length_of(size: int, index: int) -> int:
    """Return how many bytes of ciphertext piece `index` has, counted from 0."""
    return min(CHUNK, size - index * CHUNK) + TAG


def of_pieces(file: UUID, pieces: Iterable[bytes]) -> bytes:
    """
    Return what stands for a whole encrypted file, 32 bytes.

    `pieces` are the SHA-256 of each piece of ciphertext, in order. That each is hashed by itself
    lets the server say so without reading two gigabytes again.
    """
    whole = hashlib.sha256(b"casehub/file/1\0" + file.bytes)
    for piece in pieces:
        whole.update(piece)
    return whole.digest()
