"""What the log refuses."""

from __future__ import annotations


class LogStalled(Exception):
    """
    Nothing may be changed until the log moves again: what is done now could not be checked.

    `why` is a code: `unpublished` (something is older than a day and nobody outside has seen it) or
    `full` (as many events wait for their places as may).
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"the log does not move ({why}): nothing that changes something is taken")
