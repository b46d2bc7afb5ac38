"""Why not, in the directory."""

from __future__ import annotations


def why_not_register(*, known: bool) -> str | None:
    """Return why a device may not be registered, or None: an id, serial or key serves once."""
    return "device-known" if known else None


# Which roles may stop somebody of their own State; the secretariat anybody, on call.
STOPPERS = frozenset({"coordinator", "ministry", "national-auditor"})
REMOVERS = frozenset({"coordinator", "ministry"})
SECRETARIAT = "secretariat"
REASONS = frozenset(
    {"", "device-lost", "key-exposed", "misuse", "left-post", "on-leave", "drill", "other"}
)


def why_not_suspend(
    *, roles: frozenset[str], state: str, oneself: bool, person_state: str
) -> str | None:
    """Return why this person may not be stopped by the actor; a foreign one is not there."""
    if oneself or SECRETARIAT in roles:
        return None
    return None if roles & STOPPERS and state and state == person_state else "not-found"


def why_not_remove(
    *, roles: frozenset[str], state: str, oneself: bool, person_state: str
) -> str | None:
    """Return why this person may not be removed: it is final, so nobody removes themselves."""
    if not (roles & REMOVERS and state and state == person_state):
        return "not-found"
    return "own-removal" if oneself else None


def why_not_revoke(
    *, roles: frozenset[str], state: str, own: bool, person_state: str
) -> str | None:
    """Return why this device may not be stopped by the actor."""
    if own:
        return None
    return None if roles & REMOVERS and state and state == person_state else "not-found"


def why_not_stop_state(*, roles: frozenset[str], state: str, code: str) -> str | None:
    """Return why the actor may not stop a State's access, or confirm that: foreign is not there."""
    if SECRETARIAT in roles or (roles & REMOVERS and state == code):
        return None
    return "not-found"


def why_not_lift(
    *, roles: frozenset[str], state: str, code: str, first: frozenset[str] | None
) -> str | None:
    """
    Return why the actor may not lift a State's stop; `first` has the roles of who asked before.

    One of the two is of the ministry: who was stopped by it is not let in again behind its back.
    """
    if not (roles & REMOVERS and state == code):
        return "not-found"
    if first is not None and "ministry" not in roles | first:
        return "ministry-needed"
    return None
