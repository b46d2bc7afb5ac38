"""What the clock does of whoever does not sign in: decided from values alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .. import limits


@dataclass(frozen=True, slots=True)
class QuietStep:
    """What the clock says or does of whoever does not sign in: a warning, or a stop (`left` 0)."""

    becomes: str
    left: int  # days until it, as they were meant to be

    @property
    def code(self) -> str:
        """Its name: `suspended-14`, or `removed` of the stop itself."""
        return f"{self.becomes}-{self.left}" if self.left else self.becomes


#  In their order: none is taken before the one ahead of it.
QUIET_STEPS: tuple[QuietStep, ...] = tuple(
    QuietStep(becomes, left)
    for becomes in ("suspended", "removed")
    for left in (*limits.QUIET_WARNINGS, 0)
)
_QUIET_LIMIT = {"suspended": limits.QUIET, "removed": limits.GONE}


def quiet_at(step: QuietStep, *, since: datetime, taken: Mapping[str, datetime]) -> datetime:
    """
    Return from when a step is due, of whoever last signed in at `since`.

    `taken` says when the steps before were, by code. Nobody is stopped without a warning, and none
    is cut short: if the server stood still for a month, all that comes is later.
    """
    due_at = since + _QUIET_LIMIT[step.becomes] - step.left * limits.DAY
    at = QUIET_STEPS.index(step)
    before = QUIET_STEPS[at - 1] if at else None
    if before is None or before.code not in taken:
        return due_at
    apart = (
        (before.left - step.left) * limits.DAY if before.becomes == step.becomes else 0 * limits.DAY
    )
    return max(due_at, taken[before.code] + apart)


def quiet_step(
    *, since: datetime, taken: Mapping[str, datetime], suspended: bool, now: datetime
) -> QuietStep | None:
    """
    Return the one step that is due of whoever last signed in at `since`, or None.

    Somebody whom a person has suspended is that person's to judge: the clock leaves them alone.
    """
    step = next((one for one in QUIET_STEPS if one.code not in taken), None)
    if step is None or suspended != ("suspended" in taken):
        return None
    return step if quiet_at(step, since=since, taken=taken) <= now else None
