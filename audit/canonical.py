"""Events as bytes: RFC 8785 canonical JSON, so that two readers hash the same thing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import rfc8785

from .events import Event


def instant(at: datetime) -> str:
    """Return `at` in UTC with microseconds, e.g. `2026-11-24T17:00:00.000001Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def encode(event: Event, *, actor: str, at: datetime) -> bytes:
    """Return the canonical bytes of one event; the Merkle leaf commits to exactly these."""
    body: dict[str, Any] = {
        "v": 1,
        "kind": event.kind,
        "actor": actor,
        "at": instant(at),
        "states": sorted(event.states),
        "payload": {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in event.payload().items()
        },
    }
    return rfc8785.dumps(body)
