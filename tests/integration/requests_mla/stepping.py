"""Steps of requests as browsers send them, with signatures that are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from casehub.core.frames import to_b64u


def a_move() -> dict[str, Any]:
    """Return a step as a browser sends it, whose signature is none."""
    return {
        "client_id": str(uuid4()),
        "act": "withdraw",
        "number": 1,
        "version": 1,
        "digest": "0" * 64,
        "on": "2026-11-24",
        "issued": "2026-11-24T15:00:00Z",
        "said": {"codes": ["no-longer-needed"]},
        "signature": to_b64u(bytes(64)),
    }


#  acts, and the body that each wants
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "requests.move.make": lambda _: a_move(),
    "requests.proposal.make": lambda _: a_move(),
    "requests.proposal.confirm": lambda _: {
        "step": "0" * 64,
        "issued": "2026-11-24T15:00:00Z",
        "signature": to_b64u(bytes(64)),
    },
    "requests.proposal.decline": lambda _: {"step": "0" * 64, "reason": "not-done"},
}
