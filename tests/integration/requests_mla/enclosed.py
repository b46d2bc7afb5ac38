"""Encrypted files that go with letters, for tests that need them to be there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.files.storage import storages

from casehub.core import pieces
from requests_mla import markers, services
from tests.factories import Someone
from tests.integration.requests_mla.moving import Mover

SIZE = 4096
PIECE = b"c" * (SIZE + pieces.TAG)

#  acts, and the body that each wants
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "requests.enclosure.begin": lambda _: {"id": str(uuid4()), "size": SIZE},
    "requests.enclosure.complete": lambda _: {"digest": "0" * 64},
}


def digest_of(enclosure: UUID, bodies: Sequence[bytes]) -> str:
    """Return what stands for these pieces of ciphertext (hex)."""
    return pieces.of_pieces(enclosure, [hashlib.sha256(one).digest() for one in bodies]).hex()


def begin(
    ready: Mover,
    by: Someone,
    *,
    size: int = SIZE,
    enclosure: UUID | None = None,
    now: datetime | None = None,
) -> UUID:
    """Begin an upload and return its id."""
    made = enclosure or uuid4()
    services.begin_enclosure(
        request_id=ready.request,
        enclosure=made,
        size=size,
        actor=by.actor,
        now=now or ready.now,
    )
    return made


def put(ready: Mover, by: Someone, enclosure: UUID, *, index: int = 0, body: bytes = PIECE) -> None:
    """Store one piece."""
    markers.keep_piece(enclosure=enclosure, index=index, body=body, actor=by.actor, now=ready.now)


def complete(
    ready: Mover,
    by: Someone,
    enclosure: UUID,
    *,
    bodies: Sequence[bytes] = (PIECE,),
    digest: str | None = None,
) -> None:
    """Say that all pieces are there."""
    services.complete_enclosure(
        enclosure=enclosure,
        digest=digest or digest_of(enclosure, bodies),
        actor=by.actor,
        now=ready.now,
    )


def whole(ready: Mover, by: Someone) -> UUID:
    """Upload a file, and return its id."""
    made = begin(ready, by)
    put(ready, by, made)
    complete(ready, by, made)
    return made


def opened(ready: Mover, by: Someone, enclosure: UUID, *, now: datetime | None = None) -> int:
    """Open a file, and return its padded size."""
    at = now or ready.now
    return services.open_enclosure(enclosure=enclosure, actor=by.actor, now=at)


def lying(enclosure: UUID) -> list[str]:
    """Return the names of what lies of a file in the storage."""
    try:
        return storages["attachments"].listdir(f"enclosures/{enclosure}")[1]
    except FileNotFoundError:
        return []
