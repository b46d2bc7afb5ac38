"""
The hash over a thread's log, link by link, and over a file's pieces (pure; docs/wire.md).

Server and clients compute it alike; each message carries its sender's last link inside the
encryption, so that a server which shows two histories is found out by the next message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
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


def of_pieces(attachment: UUID, pieces: Iterable[bytes]) -> bytes:
    """
    Return what stands for a whole encrypted file, 32 bytes.

    `pieces` are the SHA-256 of each piece of ciphertext, in order. That each is hashed by itself
    lets the server say so without reading two gigabytes again.
    """
    whole = hashlib.sha256(b"casehub/file/1\0" + attachment.bytes)
    for piece in pieces:
        whole.update(piece)
    return whole.digest()
