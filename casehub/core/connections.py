"""How a process connects to PostgreSQL (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# A line whose other end is gone without a word is found out within half a minute, not two hours: by
# libpq, which asks none of it of a socket of this machine (but how long to wait for an answer).
NOTICED: Final[Mapping[str, int]] = {
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
    "connect_timeout": 5,
}
HTTP: Final = 16
POOL: Final[Mapping[str, int]] = {"min_size": 2, "max_size": 16, "timeout": 20}


def options(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a database whose address says these: they come before ours."""
    return {**NOTICED, **said, "pool": dict(POOL)}
