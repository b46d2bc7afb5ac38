"""
Names that tell persons apart for a quarter and do not say who they are (pure).

A pseudonym is HMAC-SHA-256 under a key of the reading State, so auditors of two States cannot put
their lists together by it; with each quarter it changes, so that nobody's file grows for years. It
is a mask, not secrecy from the host, who holds the key (ADR 15).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing looks like another
_LETTERS = 8  # 40 bits: two of a thousand persons share one in a quarter with p = 5e-7
PREFIX = "P-"
PATTERN = rf"^{PREFIX}[{_ALPHABET}]{{{_LETTERS}}}$"


def key_of(secret: bytes, state: str) -> bytes:
    """Return the key under which the auditors of a State see persons."""
    return hmac.digest(secret, b"casehub-pseudonym-key/1" + state.encode(), hashlib.sha256)


def quarter_of(at: datetime) -> str:
    """Return the quarter of a moment in UTC, e.g. `2026Q4`."""
    utc = at.astimezone(UTC)
    return f"{utc.year}Q{(utc.month + 2) // 3}"


def bounds(quarter: str) -> tuple[datetime, datetime]:
    """Return the first moment of a quarter and the first after it."""
    year, number = int(quarter[:4]), int(quarter[5])
    following = (year + 1, 1) if number == 4 else (year, number * 3 + 1)  # noqa: PLR2004
    return datetime(year, number * 3 - 2, 1, tzinfo=UTC), datetime(*following, 1, tzinfo=UTC)


def back_from(at: datetime, count: int) -> list[str]:
    """Return the quarter of a moment and those before it, `count` in all."""
    now = quarter_of(at)
    first = int(now[:4]) * 4 + int(now[5]) - 1
    return [f"{n // 4}Q{n % 4 + 1}" for n in range(first, first - count, -1)]


def _number(key: bytes, quarter: str, who: str) -> int:
    digest = hmac.digest(key, f"casehub-pseudonym/1\n{quarter}\n{who}".encode(), hashlib.sha256)
    return int.from_bytes(digest[: _LETTERS * 5 // 8], "big")


def pseudonym(key: bytes, quarter: str, who: str) -> str:
    """Return how somebody is called in a quarter."""
    number = _number(key, quarter, who)
    return PREFIX + "".join(_ALPHABET[number >> shift & 31] for shift in range(35, -5, -5))


def who_is(
    name: str, *, key: bytes, quarters: Iterable[str], people: Iterable[str]
) -> tuple[str, str] | None:
    """Return the person behind a pseudonym and its quarter, if they are among `people`."""
    wanted = 0
    for letter in name.removeprefix(PREFIX):
        wanted = wanted << 5 | _ALPHABET.index(letter)
    everybody = list(people)
    for quarter in quarters:
        for person in everybody:
            if _number(key, quarter, person) == wanted:
                return person, quarter
    return None
