"""Events as bytes: RFC 8785 canonical JSON, so that two readers hash the same thing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from .events import Event

# Beyond these JSON's numbers are no longer exact for everybody (RFC 8785, 3.2.2.3).
_LARGEST = 2**53 - 1
# For text, whole numbers, truth and null under ASCII names this is RFC 8785 (a test compares), in
# a fifth of the time: every act and every entry that is verified pays for it.
_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=256)  # the acts of one batch share it
def instant(at: datetime) -> str:
    """Return `at` in UTC with microseconds, e.g. `2026-11-24T17:00:00.000001Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def encode(event: Event, *, actor: str, at: datetime) -> bytes:
    """
    Return the canonical bytes of one event; the Merkle leaf commits to exactly these.

    :raises ValueError: for a number that JSON has no exact form of, or half a character.
    """
    body: dict[str, Any] = {
        "v": 1,
        "kind": event.kind,
        "actor": actor,
        "at": instant(at),
        "states": sorted(event.states),
        "payload": event.payload(),
    }
    for value in body["payload"].values():
        if isinstance(value, float) or (isinstance(value, int) and abs(value) > _LARGEST):
            message = f"{event.kind} holds a number that not everybody reads alike"
            raise ValueError(message)
    return _encoder.encode(body).encode()
