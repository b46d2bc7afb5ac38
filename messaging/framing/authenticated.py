"""
The authenticated data of commits and messages, each in one possible form.

It travels in clear, so it may hold nothing but what the server needs to recognise a retry, and of a
commit the directory by which its author judged: its log, size and root, as everybody may read them.
There is exactly one encoding (RFC 8785) of each, which a pattern can say whole.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Final

from messaging.framing.errors import FramingError

UUID: Final = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MESSAGE: Final = re.compile(rb'\{"client_msg_id":"(' + UUID + rb')","v":1\}')
_BARE: Final = re.compile(rb'\{"client_id":"(' + UUID + rb')","v":1\}')
_STATING: Final = re.compile(
    rb'\{"client_id":"(' + UUID + rb')","dir_log":"([a-z0-9.:/-]{1,128})"'
    rb',"dir_root":"([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])","dir_size":(0|[1-9][0-9]{0,14}),"v":2\}'
)


@dataclass(frozen=True, slots=True)
class StatedDirectory:
    """The directory that a commit's author had replayed: its log's origin, size, 32-byte root."""

    log: str
    size: int
    root: bytes


def message_client_id(data: bytes) -> str:
    """Return the client's id of an application message, or refuse its authenticated data."""
    found = _MESSAGE.fullmatch(data)
    if found is None:
        raise FramingError("authenticated-data", f"{len(data)} bytes")
    return found[1].decode("ascii")


def commit_data(data: bytes) -> tuple[str, StatedDirectory | None]:
    """
    Return the client's id of a commit and what it states, or refuse its authenticated data.

    The first form states nothing: those commits were made before any did.
    """
    if (bare := _BARE.fullmatch(data)) is not None:
        return bare[1].decode("ascii"), None
    if (found := _STATING.fullmatch(data)) is None:
        raise FramingError("authenticated-data", f"{len(data)} bytes")
    root = urlsafe_b64decode(found[3] + b"=")
    return found[1].decode("ascii"), StatedDirectory(found[2].decode("ascii"), int(found[4]), root)
