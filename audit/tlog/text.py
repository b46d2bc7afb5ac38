"""Base64 and numbers with exactly one spelling each: two spellings would be two hashes."""

from __future__ import annotations

import base64
import binascii
import re

from .errors import Malformed

LARGEST = 2**63 - 1  # what every implementation can count to
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def to_b64(raw: bytes) -> str:
    """Return RFC 4648 section 4 base64, padded."""
    return base64.b64encode(raw).decode("ascii")


def from_b64(text: str) -> bytes:
    """
    Return the bytes of a canonical base64 text.

    :raises Malformed: for any other spelling: missing padding, stray bits, white space.
    """
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Malformed("not base64") from error
    if to_b64(raw) != text:
        raise Malformed("base64 in another spelling")
    return raw


def hash_from_b64(text: str) -> bytes:
    """
    Return a SHA-256 hash from its base64.

    :raises Malformed: if it is not 32 bytes.
    """
    raw = from_b64(text)
    if len(raw) != 32:  # noqa: PLR2004 - the length of SHA-256
        raise Malformed("not a SHA-256 hash")
    return raw


def from_decimal(text: str) -> int:
    """
    Return a number below 2^63 from ASCII digits without leading zeros.

    :raises Malformed: for anything else.
    """
    if not _DECIMAL.fullmatch(text) or int(text) > LARGEST:
        raise Malformed("not a number")
    return int(text)
