"""One-time codes for an enrolment: how they are written, read and kept (pure)."""

from __future__ import annotations

import hashlib

# Crockford's base 32: no letter looks like a digit, and what people write for one another counts.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
LETTERS, GROUP = 28, 4  # 28 letters of 5 bits: 140 bits


def written(letters: str) -> str:
    """Return a code in groups, as it stands on paper."""
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def digest_of(code: str) -> str:
    """
    Return the hex SHA-256 under which a code is kept, however it was typed.

    No salt and no slow function: there is nothing to guess in 140 random bits.
    """
    letters = code.upper().translate(_READ_AS)
    return hashlib.sha256(f"casehub/enrolment/1/{letters}".encode()).hexdigest()
