"""
The authenticated data of commits and messages: one client id, in one possible form.

It travels in clear, so it may hold nothing but what the server needs to recognise a retry.
There is exactly one encoding (RFC 8785) of each, which a pattern can say whole.
"""

from __future__ import annotations

import re
from typing import Final

from messaging.framing.errors import FramingError

UUID: Final = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MESSAGE: Final = re.compile(rb'\{"client_msg_id":"(' + UUID + rb')","v":1\}')
_COMMIT: Final = re.compile(rb'\{"client_id":"(' + UUID + rb')","v":1\}')


def message_client_id(data: bytes) -> str:
    """Return the client's id of an application message, or refuse its authenticated data."""
    return _client_id(_MESSAGE, data)


def commit_client_id(data: bytes) -> str:
    """Return the client's id of a commit, or refuse its authenticated data."""
    return _client_id(_COMMIT, data)


def _client_id(form: re.Pattern[bytes], data: bytes) -> str:
    found = form.fullmatch(data)
    if found is None:
        raise FramingError("authenticated-data", f"{len(data)} bytes")
    return found[1].decode("ascii")
