"""The life of a request: its stages, and which may follow which (pure)."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where a request stands, from being written to being filed away."""

    DRAFT = "draft"
    SELF_CHECK = "self_check"
    INFORMAL_CONSULTATION = "informal_consultation"
    NEEDS_CHANGES = "needs_changes"
    READY = "ready"
    AUTHORISED = "authorised"
    TRANSMITTED = "transmitted"
    ACKNOWLEDGED = "acknowledged"
    INFORMATION_REQUESTED = "information_requested"
    IN_EXECUTION = "in_execution"
    PARTIALLY_EXECUTED = "partially_executed"
    EXECUTED = "executed"
    POSTPONED = "postponed"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLOSED = "closed"


# What this server carries out: a request is written and made ready. From the other stages, which
# the rules already name, nothing leads on and nothing leads there.
NEXT: dict[Stage, frozenset[Stage]] = {stage: frozenset() for stage in Stage} | {
    Stage.DRAFT: frozenset({Stage.READY}),
    Stage.READY: frozenset({Stage.DRAFT}),
}


def may_become(now: Stage, to: Stage) -> bool:
    """Say whether a request that stands at `now` may stand at `to` next; staying is allowed."""
    return now is to or to in NEXT[now]
