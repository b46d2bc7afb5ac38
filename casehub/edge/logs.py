"""What the server's own log may say: that something failed and where in the code, not on what."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class WithoutPath(logging.Filter):
    """Take the address out of Django's lines about 5xx answers: it holds ids of cases."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, its reason and traceback; withhold the path."""
        if isinstance(record.args, tuple) and record.args:
            record.args = (*record.args[:1], *("(withheld)" for _ in record.args[1:]))
        return True


class AsJson(logging.Formatter):
    """
    One object a line, for programs that gather logs.

    What a line says is what the code says in it: nobody's address, nothing that somebody sent.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON, its traceback too."""
        at = datetime.fromtimestamp(record.created, UTC)
        told = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)
