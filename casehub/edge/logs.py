"""What the server's own log may say: that something failed and where in the code, not on what."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from types import TracebackType

from casehub.core.failures import told, traced

Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutPath(logging.Filter):
    """Take the address out of Django's lines about 5xx answers: it holds ids of cases."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, its reason and traceback; withhold the path."""
        if isinstance(record.args, tuple) and record.args:
            record.args = (*record.args[:1], *("(withheld)" for _ in record.args[1:]))
        return True


class Withholding(logging.Formatter):
    """
    Says where in the code something failed and what failed, never what a failure says itself.

    A driver's words repeat what somebody sent: `Key (email)=(…) already exists`.
    """

    def message(self, record: logging.LogRecord) -> str:
        """Return what the code says in a line, with failures by name in it."""
        if isinstance(record.args, tuple):
            withheld = (told(one) if isinstance(one, BaseException) else one for one in record.args)
            record.args = tuple(withheld)
        said = record.getMessage()
        # Its own words go on with the task, and in it with what ended it.
        return said.partition("\n")[0] if record.name == "asyncio" else said

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line for people, its traceback after it."""
        kept = logging.makeLogRecord({**record.__dict__, "exc_text": None})
        kept.msg, kept.args = self.message(record), ()
        return super().format(kept)

    def formatException(self, ei: Failure) -> str:  # noqa: N802 - the standard library's name
        """Return where it failed, and what."""
        return traced(ei[1]) if ei[1] is not None else ""


class AsJson(Withholding):
    """
    One object a line, for programs that gather logs.

    What a line says is what the code says in it: nobody's address, nothing that somebody sent.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON, its traceback too."""
        at = datetime.fromtimestamp(record.created, UTC)
        said = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
