"""
How large an attachment may be and how much the server keeps of them; how often a message is urgent.

The server is told a file's padded size and no other: about fourteen of them stand for each
doubling. `frontend/src/crypto/fileSeal.ts` computes the same ones (tests/vectors/files.json).
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB

CHUNK: Final = MIB
"""Bytes of plaintext in each piece but the last."""

TAG: Final = 16
"""What AES-GCM adds to each piece."""

MOST_BYTES: Final = 2 * GIB
"""Of one file, before it is padded."""

DAY: Final = timedelta(hours=24)
DAY_BYTES: Final = 8 * GIB
"""What one person may begin to upload in any 24 hours: three of the largest files."""

CASE_BYTES: Final = 64 * GIB
"""What all attachments of one case may have together."""

MOST_UPLOADS: Final = 16
"""Uploads that one person may have begun and not finished."""

UPLOAD_LASTS: Final = timedelta(days=7)
"""How long an upload waits to go on; then its pieces are destroyed."""

OPENING_LASTS: Final = timedelta(hours=12)
"""How long a device may fetch the pieces of a file that it has opened: as a session lasts."""

STATES_AT_ONCE: Final = 200
"""Threads whose states stand in one answer: some 100 KB."""

URGENT_A_DAY: Final = 5
"""Messages that one person may call urgent in any 24 hours, in all threads together."""

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
