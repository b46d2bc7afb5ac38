"""What takes an instant is struck until everybody has a line again: else nobody writes then."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.ground import Ground

BACK = 20.0  # seconds in which clients may come back, as far as this waits for them
ASKED = 0.05


@contextmanager
def all_back(ground: Ground) -> Iterator[None]:
    """After the block wait until each client that writes says that it is online anew."""
    clients = [member.client for member in ground.room.members]
    heard = [len(client.events) for client in clients]
    yield
    deadline = time.monotonic() + BACK
    while time.monotonic() < deadline:
        if all(
            any(one.get("state") == "online" for one in client.events[since:])
            for client, since in zip(clients, heard, strict=True)
        ):
            break
        time.sleep(ASKED)
