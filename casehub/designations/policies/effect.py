"""Why a designation would have no effect, in the words of those who put it together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from .. import limits

#  Reasons of those who verify the log, and the codes whose words say the same to whoever signs.
_CODES: Mapping[str, str] = {
    "issued-early": "nomination-stale",
    "issued-late": "nomination-stale",
    "not-consulted": "consultation-missing",
    "person-revoked": "person-removed",
    "roles-incompatible": "roles-incompatible",
    "serial-known": "serial-known",
    "state-stopped": "state-stopped",
    "superseded": "renewal-of-earlier",
}


def code_against(
    why: str, *, urgent: bool, starts: datetime, until: datetime, now: datetime
) -> str | None:
    """
    Return the code for a reason for which a designation has no effect.

    None of what no draft can put right: its hands do not count, or nobody knows its State.
    """
    if why != "term":
        return _CODES.get(why)
    if until <= starts or until <= now:
        return "term-over"
    longest = limits.URGENT_LONGEST if urgent else limits.LONGEST
    # As long as any may be, so it is a liaison's first.
    return "term-too-long" if until - starts > longest else "first-term-too-long"
