"""What a log may say of a failure: what it is and where in the code, never what it says itself."""

from __future__ import annotations

import errno
import traceback
from typing import Final

# As Python begins it, for whoever looks for one.
HEAD: Final = "Traceback (most recent call last):"


def told(error: BaseException) -> str:
    """
    Return the name of a failure, with its number where it has one.

    What it says itself may hold what somebody sent: PostgreSQL repeats the row that it refuses, and
    a file's name holds ids.
    """
    name = type(error).__qualname__
    for one in (error, error.__cause__):  # Django's, and the driver's own
        code = getattr(one, "sqlstate", None) or getattr(one, "sqlite_errorname", None)
        if isinstance(one, OSError) and one.errno is not None:
            code = errno.errorcode.get(one.errno, one.errno)
        if code:
            return f"{name} {code}"
    return name


def traced(error: BaseException) -> str:
    """Return where each failure of a chain came from, the first one first, and which it was."""
    parts: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        frames = "".join(traceback.format_tb(one.__traceback__))
        within = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        parts.append("\n".join([f"{HEAD}\n{frames}{told(one)}", *map(traced, within)]))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\nand then\n".join(reversed(parts))
