"""
What auditors search by, as small numbers: a State, a stretch of days, a kind, an id.

A row of the search, and each of its indexes, is a few numbers instead of the texts that the event
says anyway. Nobody reads a kind or an id from here: what is shown comes from the event.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from hashlib import sha256

NONE = 0  # of an empty text, and of what an erasure has taken
# Seconds in a stretch, by powers of two: six days. A page of the search sorts one of them.
SPAN_BITS = 19


def of_state(code: str) -> int:
    """Return the two letters of a State as one number; NONE for the region."""
    return int.from_bytes(code.encode("ascii"), "big")


def span_of(at: datetime) -> int:
    """Return the stretch that a moment lies in; later ones have larger numbers."""
    return int(at.timestamp() // (1 << SPAN_BITS))


@lru_cache(maxsize=4096)
def of_kind(kind: str) -> int:
    """Return four bytes for a kind; no two of the vocabulary have the same (a test looks)."""
    return _first(kind, 4)


@lru_cache(maxsize=65536)
def of_id(name: str) -> int:
    """Return eight bytes for an actor or a subject: of a billion ids hardly two have the same."""
    return _first(name, 8)


def _first(text: str, size: int) -> int:
    if not text:
        return NONE
    return int.from_bytes(sha256(text.encode()).digest()[:size], "big", signed=True)
