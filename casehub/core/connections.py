"""How a process connects to PostgreSQL (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

# A line whose other end is gone without a word is found out within half a minute, not two hours: by
# libpq, which asks none of it of a socket of this machine (but how long to wait for an answer).
NOTICED: Final[Mapping[str, int]] = {
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
    "connect_timeout": 5,
}
# What a process of the web may have at once. Its own threads have theirs, whatever waits over HTTP
# (`casehub.edge.handler` lets in so many): four for sockets, three for batches of messages, two of
# the switchboard, two that look at sessions, one each for rounds, figures and probes.
HTTP: Final = 8
WEB: Final = HTTP + 14
# The process that signs: its command, the one who signs, who asks witnesses, and figures. The lock
# that it holds has one more, which is in no pool.
SEQUENCER: Final = 4
POOL: Final[Mapping[str, int]] = {"min_size": 2, "max_size": 16, "timeout": 20}


def options(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a database whose address says these: they come before ours."""
    return {**NOTICED, **said, "pool": dict(POOL)}


class Connection(Protocol):
    """What there has to be of one."""

    settings_dict: dict[str, Any]

    def close(self) -> None:
        """End it, or give it back to its pool."""


def give_back(connection: Connection) -> None:
    """
    Let go of the connection of a thread that asks no more, where others may want it: of a pool's.

    Of SQLite one stays open. The last one that closes takes the file with it that what is written
    goes to first, and on a full disk nobody could begin one again: the process would not start.
    """
    if "pool" in connection.settings_dict["OPTIONS"]:
        connection.close()


def at_most(options: dict[str, Any], most: int) -> None:
    """Let a process have so many connections at once; before the first, and only where it pools."""
    if "pool" in options:
        options["pool"] = {**options["pool"], "max_size": most}
