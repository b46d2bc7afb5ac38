"""What is the matter with the log, for those who watch it: codes and times, nobody's name."""

from __future__ import annotations

from datetime import datetime

from .. import policies, witnesses
from ..models import Log
from ..states import Finding, WitnessSeen
from . import integrity
from .standing import standing, strays
from .trees import slug_of


def findings(now: datetime) -> list[Finding]:
    """
    Return all that is not as it should be, the worst first; nothing if all is well.

    :raises Malformed: if the policy of the witnesses is none.
    :raises OSError: if it cannot be read.
    """
    policy = witnesses.configured()
    known = () if policy is None else policy.witnesses
    return policies.findings(
        standing=standing(),
        strays=strays(),
        disputed=[
            slug_of(log) for log in Log.objects.order_by("id") if integrity.disputed(log.id, policy)
        ],
        witnesses=[
            WitnessSeen(state.name, one.name, one.seen_at, one.trouble)
            for state in integrity.states()
            if state.signed
            for one in state.witnesses
            if one.name in known
        ],
        now=now,
    )
