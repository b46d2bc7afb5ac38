"""
The hash over a thread's log, link by link (pure; docs/wire.md).

Server and clients compute it alike; each message carries its sender's last link inside the
encryption, so that a server which shows two histories is found out by the next message.
"""

from __future__ import annotations

import hashlib
from uuid import UUID


def first(thread: UUID) -> bytes:
    """Return the link before any entry: 32 bytes."""
    return hashlib.sha256(b"casehub/thread/1\0" + thread.bytes).digest()


def following(
    previous: bytes, *, seq: int, kind: int, epoch: int, device: UUID, client_id: UUID, body: bytes
) -> bytes:
    """Return the link of the entry `seq`, 32 bytes; `kind` is 1 for a commit, 2 for a message."""
    return hashlib.sha256(
        b"casehub/entry/1\0"
        + previous
        + seq.to_bytes(8, "big")
        + bytes([kind])
        + epoch.to_bytes(8, "big")
        + device.bytes
        + client_id.bytes
        + hashlib.sha256(body).digest()
    ).digest()
