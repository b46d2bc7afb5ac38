"""Bytes of MLS messages that nobody can decrypt."""

from __future__ import annotations

from uuid import UUID


def opaque(data: bytes) -> bytes:
    """Return a variable-length vector, RFC 9420 section 2.1.2."""
    if len(data) < 1 << 6:
        return bytes([len(data)]) + data
    if len(data) < 1 << 14:
        return (len(data) | 1 << 14).to_bytes(2, "big") + data
    return (len(data) | 2 << 30).to_bytes(4, "big") + data


def private_message(
    thread: UUID,
    *,
    epoch: int = 0,
    id: UUID,  # noqa: A002
    ciphertext: bytes = b"opaque",
    aad: bytes | None = None,
) -> bytes:
    """Return an MLSMessage with a PrivateMessage (RFC 9420, 6.3) that nobody can decrypt."""
    if aad is None:
        aad = b'{"client_msg_id":"%s","v":1}' % str(id).encode()
    return b"".join(
        (
            b"\x00\x01\x00\x02",  # MLS 1.0, private message
            opaque(thread.bytes),
            epoch.to_bytes(8, "big"),
            b"\x01",  # application
            opaque(aad),
            opaque(b"s" * 28),
            opaque(ciphertext),
        )
    )


def urgent_data(id: UUID) -> bytes:  # noqa: A002
    """Return the authenticated data of a message that its author calls urgent."""
    return b'{"client_msg_id":"%s","urgent":true,"v":3}' % str(id).encode()


def act_data(id: UUID, *, act: str, about: int) -> bytes:  # noqa: A002
    """Return the authenticated data of a message that does `act` to entry `about`."""
    return b'{"about":%d,"act":"%s","client_msg_id":"%s","v":2}' % (
        about,
        act.encode(),
        str(id).encode(),
    )


def grant_data(
    id: UUID,  # noqa: A002
    *,
    to: UUID | str,
    first: int = 1,
    last: int = 1,
    count: int = 1,
) -> bytes:
    """Return the authenticated data of a message that gives `to` earlier messages."""
    return (
        b'{"act":"give-history","client_msg_id":"%s","count":%d,"first":%d,"last":%d,"to":"%s","v":4}'
        % (str(id).encode(), count, first, last, str(to).encode())
    )
