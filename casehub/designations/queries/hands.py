"""Whose signatures count now: by the replay of the directory's log, never by a row's word."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from casehub.core.actor import Actor
from casehub.core.frames import from_b64u
from casehub.directory import queries as directory
from casehub.directory.statements import ChainBroken, Statement

from ..policies import COORDINATOR, MINISTRY, TWO_OFFICERS, WEAKER


def mode_of(state: str) -> str:
    """Return how a State approves, as its root declares."""
    return WEAKER if directory.chain().is_weaker(state) else TWO_OFFICERS


def keys_of(actor: Actor, role: str, now: datetime) -> frozenset[bytes]:
    """Return the keys by which the actor signs in one of their roles now: one, or none."""
    if role not in actor.roles:
        return frozenset()
    chain = directory.chain()
    ask = {MINISTRY: chain.officers, COORDINATOR: chain.coordinators}[role]
    key = ask(actor.state, now=now).get(actor.id)
    return frozenset() if key is None else frozenset({from_b64u(key, most=32)})


def live_key(person: UUID | str) -> bytes | None:
    """
    Return the identity key that was vouched for last as a person's, or None if none was.

    Also of a term that is over, or of somebody stopped: another key takes the place of it.
    """
    key = directory.chain().bound_key(str(person))
    return None if key is None else from_b64u(key, most=32)


def require_counts(statement: Statement, now: datetime) -> None:
    """
    Pass only a statement that would have its effect if it were entered now: as every client judges.

    :raises ChainBroken: with the first reason against.
    """
    why = directory.why_not(statement, now=now)
    if why is not None:
        raise ChainBroken(why)
