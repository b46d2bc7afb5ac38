"""Attachments of a thread, for tests that need them to be there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from casehub.core import pieces
from messaging import markers, services

SIZE = 4096
PIECE = b"c" * (SIZE + pieces.TAG)


def some_id():
    """Return an id of nothing."""
    return str(uuid4())


@dataclass
class Uploaded:
    """An upload of somebody's all of whose pieces are there, and a whole attachment of theirs."""

    going: str = field(default_factory=some_id)
    whole: str = field(default_factory=some_id)

    def of(self, act: str) -> str:
        """Return the one that an act is about."""
        on_whole = {"messaging.attachment.open", "messaging.attachment.read"}
        return self.whole if act in on_whole else self.going


BODIES = {
    "messaging.attachment.begin": lambda _: {"id": str(uuid4()), "size": SIZE},
    "messaging.attachment.complete": lambda o: {"digest": digest_of(o.attachments.going, [PIECE])},
}


def digest_of(attachment, bodies):
    """Return what stands for these pieces of ciphertext (hex)."""
    each = [hashlib.sha256(piece).digest() for piece in bodies]
    return pieces.of_pieces(UUID(str(attachment)), each).hex()


def begin(region, who, thread, *, size=SIZE, attachment=None, now=None):
    """Begin an upload and return its id."""
    made = attachment or uuid4()
    acting = {"actor": who.actor, "now": now or region.now}
    services.begin_attachment(thread=thread, attachment=made, size=size, **acting)
    return made


def put(region, who, attachment, *, index=0, body=PIECE):
    """Store one piece."""
    acting = {"actor": who.actor, "now": region.now}
    markers.keep_chunk(attachment=attachment, index=index, body=body, **acting)


def complete(region, who, attachment, *, pieces=(PIECE,), digest=None, now=None):
    """Say that all is there."""
    services.complete_attachment(
        attachment=attachment,
        digest=digest or digest_of(attachment, pieces),
        actor=who.actor,
        now=now or region.now,
    )


def whole(region, who, thread):
    """Upload a file of one piece and return its id."""
    made = begin(region, who, thread)
    put(region, who, made)
    complete(region, who, made)
    return made


def uploads(region, who, thread):
    """Make one of each of somebody's."""
    going = begin(region, who, thread)
    put(region, who, going)
    return Uploaded(str(going), str(whole(region, who, thread)))
