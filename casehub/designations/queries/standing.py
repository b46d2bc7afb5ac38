"""Whether a State's directory is still true: who is in it, and when somebody last said so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import rfc8785

from casehub.core import roles
from casehub.core.actor import Actor
from casehub.directory.models import Person, SignedStatement, State

from .. import limits, policies
from ..models import MissedStanding, StandingConfirmation
from .saying import stamp

CONFIRMS = frozenset(roles.row_of("designations.standing.confirm").who)


def people_of(state: str, now: datetime) -> list[Person]:
    """Return those of a State who are in force."""
    rows = Person.objects.filter(state_id=state).select_related("office", "account")
    return [one for one in rows.order_by("name", "id") if one.in_force(now) and one.roles]


def _line(one: Person) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "name": one.name,
        "post": one.post,
        "office": one.office.name,
        "roles": sorted(one.role_set),
        "functions": sorted(one.function_set),
        "until": stamp(one.valid_until),
    }


def list_of(state: str, now: datetime) -> tuple[list[dict[str, Any]], str]:
    """Return a State's people in force, and the SHA-256 (hex) of that list in canonical JSON."""
    lines = [_line(one) for one in people_of(state, now)]
    return lines, hashlib.sha256(rfc8785.dumps(lines)).hexdigest()


def due_of(state: str) -> datetime | None:
    """Return when a State's confirmation is due: a quarter after the last, or after its root."""
    last = StandingConfirmation.objects.filter(state=state).order_by("-at").first()
    if last is not None:
        return last.at + limits.STANDING
    root = SignedStatement.objects.filter(state=state, type="state-root")
    began = root.order_by("entered_at").values_list("entered_at", flat=True).first()
    return None if began is None else began + limits.STANDING


def unconfirmed(states: Iterable[str], now: datetime) -> list[str]:
    """Return those of these States that come into no new case with others: see the policy."""
    return [
        code for code in sorted(states) if policies.is_unconfirmed(due_at=due_of(code), now=now)
    ]


def standing_of(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return how the actor's State stands: what is to be confirmed, and until when."""
    last = (
        StandingConfirmation.objects.filter(state=actor.state)
        .select_related("by")
        .order_by("-at")
        .first()
    )
    due_at = due_of(actor.state)
    people, digest = list_of(actor.state, now)
    return {
        "state": actor.state,
        "confirmed_at": last.at if last else None,
        "confirmed_by": last.by.name if last else None,
        "due_at": due_at,
        "soon": due_at is not None and due_at - limits.STANDING_WARNING <= now < due_at,
        "overdue": due_at is not None and due_at <= now,
        "blocked": policies.is_unconfirmed(due_at=due_at, now=now),
        "blocked_from": due_at and due_at + limits.STANDING_GRACE,
        "people": people,
        "digest": digest,
    }


def awaiting(actor: Actor, *, now: datetime) -> list[datetime]:
    """Return until when the actor is to confirm their State's directory, from two weeks before."""
    if not actor.roles_in_office & CONFIRMS:
        return []
    due_at = due_of(actor.state)
    return [due_at] if due_at is not None and due_at - limits.STANDING_WARNING <= now else []


def missed(now: datetime) -> list[tuple[str, datetime]]:
    """Return the States whose confirmation is overdue and that all have not been told of yet."""
    told = set(MissedStanding.objects.values_list("state", "due_at"))
    dues = ((code, due_of(code)) for code in State.objects.values_list("code", flat=True))
    return [
        (code, due_at)
        for code, due_at in dues
        if due_at is not None and due_at <= now and (code, due_at) not in told
    ]
