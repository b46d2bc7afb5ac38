"""What all States were told, and which of them have taken note."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from casehub.core import roles
from casehub.core.actor import Actor

from ..models import Notice, Person, State

READERS = frozenset(roles.row_of("directory.notices.list").who)
MANY = 200  # notices that are listed
ANSWER_WITHIN = timedelta(hours=72)


def told_of_notices() -> list[UUID]:
    """Return whose pages are told of a notice at once: all who are not stopped and may read it."""
    people = Person.objects.filter(suspended_at=None).only("id", "roles")
    return [one.id for one in people if one.role_set & READERS]


def notice(notice: UUID) -> Notice | None:
    """Return a notice: every State is told of all of them."""
    return Notice.objects.filter(id=notice).first()


def notices_for(actor: Actor, *, now: datetime) -> list[dict[str, Any]]:
    """
    Return the newest notices, each with whether the reader's State has taken note.

    Who else has, and who is late, is told to the State that a notice is about.
    """
    codes = set(State.objects.values_list("code", flat=True))
    found = Notice.objects.prefetch_related("answers").order_by("-at", "id")[:MANY]
    return [_shape(row, actor, codes, now) for row in found]


def _shape(row: Notice, actor: Actor, codes: set[str], now: datetime) -> dict[str, Any]:
    answers = {answer.state_id: answer.at for answer in row.answers.all()}
    due_at = row.at + ANSWER_WITHIN
    own = row.state_id == actor.state
    late = sorted(codes - answers.keys() - {row.state_id}) if now >= due_at else []
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state_id,
        "person": row.person,
        "name": row.name,
        "post": row.post,
        "until": row.until,
        "urgent": row.urgent,
        "at": row.at,
        "due_at": due_at,
        "acknowledged_at": answers.get(actor.state),
        "overdue": own is False and actor.state in late,
        "answers": [{"state": s, "at": at} for s, at in sorted(answers.items())] if own else [],
        "late": late if own else [],
    }
