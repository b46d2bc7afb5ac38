"""What a person is told when the database, its disk or the log takes nothing for now."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

from audit.errors import LogStalled

from .errors import Refused
from .failures import told

log = logging.getLogger("casehub.storage")
NOT_STORED = (OperationalError, InterfaceError, LogStalled)
# The disk is full: in the database's own file, or in the shared memory beside it.
_SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
_POSTGRESQL_FULL = "53100"
_POSTGRESQL_HELD = "55P03"
# The server ends or does not take anybody yet, the line to it is cut, or it has no line left.
_POSTGRESQL_AWAY = ("57P0", "08", "53300")
# The whole file is another's, or out of reach. What else SQLite refuses may be one statement's.
_SQLITE_AWAY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR})


class Cut(Exception):
    """
    An answer was begun and cannot be finished: its reader has to see that it has no end.

    Raised where the answer is made, after the log has its line; the server cuts the connection.
    """


def _is_full(error: BaseException) -> bool:
    cause = error.__cause__  # the driver's own
    return (
        getattr(cause, "sqlite_errorcode", None) in _SQLITE_FULL
        or getattr(cause, "sqlstate", None) == _POSTGRESQL_FULL
    )


def is_held(error: BaseException) -> bool:
    """Return whether somebody else held a row, in PostgreSQL, for longer than it is waited for."""
    return getattr(error.__cause__, "sqlstate", None) == _POSTGRESQL_HELD


def is_away(error: BaseException) -> bool:
    """Return whether the database could not be reached: whoever asks next meets the same."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_AWAY  # the rest of the number says more of the same
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(_POSTGRESQL_AWAY)


def refused_by(error: BaseException) -> Refused:
    """
    Return the refusal for what was not stored: nothing of it was, so all of it may be tried again.

    Codes: `log-stalled`, `storage-full`, else `try-again`.
    """
    if isinstance(error, LogStalled):
        return Refused("log-stalled")
    code = "storage-full" if _is_full(error) else "try-again"
    log.error("%s: %s", code, told(error))
    return Refused(code)


@contextmanager
def storing() -> Iterator[None]:
    """
    Say in a refusal's words why something could not be stored.

    :raises Refused: as `refused_by`.
    """
    try:
        yield
    except NOT_STORED as error:
        raise refused_by(error) from error
