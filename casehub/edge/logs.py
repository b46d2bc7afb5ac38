"""What the server's own log may say: that something failed and where in the code, not on what."""

from __future__ import annotations

import logging


class WithoutPath(logging.Filter):
    """Take the address out of Django's lines about 5xx answers: it holds ids of cases."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, its reason and traceback; withhold the path."""
        if isinstance(record.args, tuple) and record.args:
            record.args = (*record.args[:1], *("(withheld)" for _ in record.args[1:]))
        return True
