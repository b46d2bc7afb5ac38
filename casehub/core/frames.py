"""Bytes from outside become values only after their size and depth were looked at."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from typing import Any, NoReturn

from .errors import BadFrame

DEEPEST = 16
# A whole string, to its end or the text's, or one bracket. Possessive, so that no text makes it
# look twice at a character: 64 KiB of escaped quotes would else keep a core busy for 15 s.
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_B64U = re.compile(r"[A-Za-z0-9_-]*\Z")
_LONGEST_NUMBER = 32  # digits; a million digits would cost seconds to convert


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise BadFrame(why="duplicate key")
    return out


def _not_a_number(_: str) -> NoReturn:
    raise BadFrame(why="not a number")


def _short_int(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise BadFrame(why="number too long")
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if len(text) > _LONGEST_NUMBER or not math.isfinite(value):
        raise BadFrame(why="number too long")
    return value


def _is_too_deep(text: str) -> bool:
    level = 0
    for mark in _MARKS.finditer(text):
        if mark[0] in "[{":
            level += 1
            if level > DEEPEST:
                return True
        elif mark[0] in "]}":
            level -= 1
    return False


def _is_longer(data: bytes | str, limit: int) -> bool:
    if isinstance(data, bytes) or data.isascii():
        return len(data) > limit
    return len(data.encode("utf-8", "surrogatepass")) > limit


def parse_json(data: bytes | str, *, limit: int) -> Any:
    """
    Parse JSON of at most `limit` bytes and DEEPEST levels, no twin keys, NaN or endless numbers.

    :raises BadFrame: if it is anything else; `why` says what.
    """
    if _is_longer(data, limit):
        raise BadFrame(why="too large")
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        if _is_too_deep(text):
            raise BadFrame(why="too deep")
        return json.loads(
            text,
            object_pairs_hook=_no_twins,
            parse_constant=_not_a_number,
            parse_int=_short_int,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise BadFrame(why="not JSON") from error


def from_b64u(text: str, *, most: int) -> bytes:
    """
    Decode base64url without padding, at most `most` bytes.

    :raises BadFrame: if it is not exactly that; a second spelling of the same bytes is refused.
    """
    if len(text) > most * 4 // 3 + 3 or not _B64U.match(text):
        raise BadFrame(why="not base64url")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise BadFrame(why="not base64url") from error
    if len(raw) > most or to_b64u(raw) != text:
        raise BadFrame(why="not base64url")
    return raw


def exactly_from_b64u(text: str, size: int) -> bytes:
    """
    Decode base64url without padding to so many bytes.

    :raises BadFrame: if they are none, fewer or more.
    """
    raw = from_b64u(text, most=size)
    if len(raw) != size:
        raise BadFrame(why="wrong length")
    return raw


def to_b64u(raw: bytes | memoryview) -> str:
    """Encode bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
