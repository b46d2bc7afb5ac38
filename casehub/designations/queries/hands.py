"""Whose signatures count now: asked of the signed statements, never of a row's word."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from casehub.core.actor import Actor
from casehub.core.frames import from_b64u, to_b64u
from casehub.directory import queries as directory
from casehub.directory import statements
from casehub.directory.models import SignedStatement
from casehub.directory.statements import ChainBroken

from ..policies import COORDINATOR, MINISTRY


def _of(state: str, kind: str) -> list[statements.Statement]:
    rows = SignedStatement.objects.filter(state=state, type=kind).order_by("entered_at", "digest")
    return [
        statements.parse(
            {"type": row.type, "body": to_b64u(row.body), "signatures": row.signatures}
        )
        for row in rows
    ]


def mode_of(state: str) -> str:
    """Return how a State approves, as its root declares: the stronger mode, if it says nothing."""
    root = directory.roots().get(state)
    for one in reversed(_of(state, "state-root")):
        if root is not None and one.signed_by(root):
            return str(one.fields.get("approval", "two-officers"))
    return "two-officers"


def officer_keys(person: str, state: str, now: datetime) -> frozenset[bytes]:
    """Return the keys by which a person signs as an officer of a State's ministry now."""
    root = directory.roots().get(state)
    if root is None:
        return frozenset()
    return frozenset(
        from_b64u(one.fields["key"], most=32)
        for one in _of(state, "officer")
        if one.person == person
        and one.signed_by(root)
        and statements.instant(one.fields["until"]) > now
    )


def bound_keys(person: str, role: str, now: datetime) -> frozenset[bytes]:
    """Return the key by which a person signs in a role of their designation now; one or none."""
    try:
        bound = directory.chain_about([person], now=now).person(person)
    except ChainBroken:
        return frozenset()
    return frozenset({bound.key}) if role in bound.roles else frozenset()


def keys_of(actor: Actor, role: str, now: datetime) -> frozenset[bytes]:
    """Return the keys by which the actor signs in one of their roles now."""
    if role not in actor.roles:
        return frozenset()
    if role == MINISTRY:
        return officer_keys(actor.id, actor.state, now)
    return bound_keys(actor.id, role, now)


def as_official(actor: Actor, now: datetime) -> frozenset[bytes]:
    """Return the keys by which the actor signs as a coordinator or as an officer now."""
    return keys_of(actor, COORDINATOR, now) | keys_of(actor, MINISTRY, now)


def live_key(person: UUID | str, now: datetime) -> bytes | None:
    """Return the identity key that is vouched for as a person's now, or None."""
    try:
        return directory.chain_about([person], now=now).person(str(person)).key
    except ChainBroken:
        return None
