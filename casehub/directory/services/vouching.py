"""
What a signed statement is worth beside a stop: taken if it bears it out, else as none.

Never a reason to refuse: whoever stops somebody in a hurry with a wrong clock, a wrong key or a
wrong form has stopped them all the same, and is asked for the signature afterwards.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casehub.core.actor import Actor
from casehub.directory import queries, statements
from casehub.directory.models import Device, Person, SignedStatement
from casehub.directory.statements import ChainBroken, Statement


def _read(wire: dict[str, Any] | None, type_: str) -> Statement | None:
    """Return a statement of a type that has not been entered yet, or None."""
    if wire is None:
        return None
    try:
        parsed = statements.parse(wire)
    except ChainBroken:
        return None
    known = SignedStatement.objects.filter(digest=parsed.digest).exists()
    return None if parsed.type != type_ or known else parsed


def signed_by(statement: Statement, actor: Actor, now: datetime) -> bool:
    """Say whether a key that leads back to the ministry, and is the actor's own, signed it."""
    return not queries.keys_of(actor, now=now).isdisjoint(statement.signers)


def vouched(
    wire: dict[str, Any] | None,
    *,
    kind: str,
    person: Person,
    device: Device | None,
    actor: Actor,
    now: datetime,
) -> Statement | None:
    """Return the revocation of this person or device that the actor signed, if it counts."""
    read = _read(wire, "revocation")
    if read is None:
        return None
    meant = {
        "state": person.state_id or "",
        "person": str(person.id),
        "device": None if device is None else str(device.id),
        "kind": kind,
    }
    same = all(read.fields[name] == value for name, value in meant.items())
    if not same or not signed_by(read, actor, now):
        return None
    # Others judge by the replay: what it would refuse must not pass here for signed.
    return read if queries.why_not(read, now=now) is None else None


def vouched_for_state(
    wire: dict[str, Any] | None, *, type_: str, code: str, actor: Actor, now: datetime
) -> Statement | None:
    """
    Return the state-stop or state-lift of this State that the actor signed, or None.

    It counts as it is, or lacks nothing but a second person's signature.
    """
    read = _read(wire, type_)
    if read is None or read.fields["state"] != code or not signed_by(read, actor, now):
        return None
    return read if queries.why_not(read, now=now) in {None, "lift-unsigned"} else None
