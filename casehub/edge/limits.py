"""
How much a caller may send, how slowly, and how much is kept for them: bytes and seconds.

Measured before Django sees anything. Daphne by itself buffers a body of any size before the
application can refuse it; what these figures protect is memory and file handles, for callers who
have not even signed in.
"""

from __future__ import annotations

import re
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

# The request line and headers.
HEADER_COUNT: Final = 64
HEADER_BYTES: Final = 16 * KIB  # request line and all headers together
LINE_BYTES: Final = 8 * KIB  # one line of them

# Slow callers. Every deadline is absolute: a byte now and then does not move it.
HEADER_SECONDS: Final = 10
BODY_SECONDS: Final = 30  # for all of a body, however fast it comes
BODY_BEHIND: Final = 10  # of which it may be behind this rate
BODY_RATE: Final = 16 * KIB  # bytes a second
IDLE_SECONDS: Final = 75  # between requests, and for a finished answer to be read
ANSWER_SECONDS: Final = 60  # for the application to answer
ANSWER_RATE: Final = 128 * KIB  # bytes a second at which whoever reads slowly is waited for
LINGER_SECONDS: Final = 2  # a refused sender may go on sending, unread, while the refusal arrives

# What the process keeps for everybody together.
CONNECTIONS: Final = 4000  # each with settings.BODY_LIMIT of body at most: 250 MiB
# What bodies of unanswered requests have beyond their first settings.BODY_LIMIT bytes.
BODIES_BYTES: Final = 16 * MIB
NETWORK_BODIES_BYTES: Final = 4 * MIB  # of those, from one network
UNREAD_BYTES: Final = 128 * MIB  # of answers that wait for readers who do not read

# Sockets.
QUEUED_FRAMES: Final = 64  # received and not yet handled: then the socket is no longer read
QUEUED_BYTES: Final = 256 * KIB
UNSENT_BYTES: Final = 4 * MIB  # waiting for a reader who does not read: then the socket is cut
UNREAD_SECONDS: Final = 30  # as long as nothing at all could be written

# Doors that take more than settings.BODY_LIMIT. A commit carries a ratchet tree twice (Welcome and
# GroupInfo), in base64url. A percent-encoded spelling of these paths gets the small limit.
_BASE64: Final = 1.4
LARGE_DOORS: Final = (
    (b"POST", re.compile(rb"/api/threads/[0-9a-f-]{36}(?:/commits)?"), int(MIB * _BASE64)),
    (b"POST", re.compile(rb"/api/key-packages"), 512 * KIB),
    # A version of a draft in base64url, and its disclosed facts.
    (b"POST", re.compile(rb"/api/requests/[0-9a-f-]{36}/versions"), int(512 * KIB * _BASE64)),
    # A piece of an attachment, as it is.
    (b"PUT", re.compile(rb"/api/attachments/[0-9a-f-]{36}/chunks/[0-9]{1,4}"), MIB + 16),
    (b"PUT", re.compile(rb"/api/enclosures/[0-9a-f-]{36}/pieces/[0-9]{1,4}"), MIB + 16),
)


def body_seconds(received: int) -> float:
    """
    Return how many seconds after its headers a body may still come, with so many bytes of it here.

    What is small is over soon, and so is who sends a byte now and then to a door that takes much.
    Whoever sends a piece of a file as slowly as all of BODY_SECONDS let them has these.
    """
    return min(float(BODY_SECONDS), BODY_BEHIND + received / BODY_RATE)


def answer_seconds(sent: int) -> float:
    """Return how many seconds an answer may take of which so many bytes were handed on."""
    return ANSWER_SECONDS + sent / ANSWER_RATE


def reading_seconds(unread: int) -> float:
    """Return how many seconds somebody may take over so many bytes before their line is cut."""
    return IDLE_SECONDS + unread / ANSWER_RATE


def body_limit(method: bytes, target: bytes, *, default: int) -> int:
    """
    Return how many bytes of body this request may have.

    `target` is the request line's path with its query, as it came.
    """
    path = target.partition(b"?")[0]
    for taken, door, limit in LARGE_DOORS:
        if taken == method and door.fullmatch(path):
            return limit
    return default
