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
