"""What all States were told, and which of them have taken note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from casehub.core import roles
from casehub.core.actor import Actor

from ..models import Notice, NoticeAnswer, NoticesAnswer, Person, State

READERS = frozenset(roles.row_of("directory.notices.list").who)
MANY = 200  # newest notices that are listed
ANSWER_WITHIN = timedelta(hours=72)


def told_of_notices() -> list[UUID]:
    """Return whose pages are told of a notice at once: all who are not stopped and may read it."""
    people = Person.objects.filter(suspended_at=None, removed_at=None).only("id", "roles")
    return [one.id for one in people if one.role_set & READERS]


def has_answered(notice: Notice, state: str) -> bool:
    """Whether a State has taken note of a notice, by itself or with all up to a later one."""
    return (
        NoticeAnswer.objects.filter(notice=notice, state_id=state).exists()
        or NoticesAnswer.objects.filter(state_id=state, upto__number__gte=notice.number).exists()
    )


def _waiting(state: str) -> QuerySet[Notice]:
    """Return the notices of other States that a State has not taken note of."""
    upto = Max("upto__number")
    taken = NoticesAnswer.objects.filter(state_id=state).aggregate(number=upto)["number"] or 0
    answered = NoticeAnswer.objects.filter(state_id=state).values("notice_id")
    return Notice.objects.filter(number__gt=taken).exclude(state_id=state).exclude(id__in=answered)


def unanswered(state: str, *, upto: Notice) -> list[str]:
    """Return which State each notice is about that this one has not taken note of, up to one."""
    rows = _waiting(state).filter(number__lte=upto.number).order_by("number")
    return [str(code) for code in rows.values_list("state_id", flat=True)]


def waiting_notices(state: str) -> list[datetime]:
    """Return until when a State is to take note of each notice that it has not taken note of."""
    at = _waiting(state).values_list("at", flat=True)
    return [one + ANSWER_WITHIN for one in at]


def notices_for(actor: Actor, *, now: datetime, person: UUID | None = None) -> list[dict[str, Any]]:
    """
    Return the newest notices, each with whether the reader's State has taken note.

    Of one `person` they are all that concern them.

    However old, none is left out that it has not taken note of: it may say so of all it is shown.
    Who else has, and who is late, is told to the State that a notice is about.
    """
    codes = set(State.objects.values_list("code", flat=True))
    if person is not None:
        rows = Notice.objects.filter(person=person)
    else:
        newest = Notice.objects.order_by("-number").values_list("number", flat=True)[:MANY]
        rows = Notice.objects.filter(number__gte=min(newest, default=0)) | _waiting(actor.state)
    found = rows.prefetch_related("answers").order_by("-number")
    taken = list(NoticesAnswer.objects.values_list("state_id", "upto__number", "at"))
    return [_shape(row, actor, codes, _answers(row, taken), now) for row in found]


def _answers(row: Notice, taken: Sequence[tuple[str, int, datetime]]) -> dict[str, datetime]:
    """Return when each State first took note of a notice, alone or with others."""
    said = [(one.state_id, one.at) for one in row.answers.all()]
    said += [
        (state, at) for state, upto, at in taken if upto >= row.number and state != row.state_id
    ]
    answers: dict[str, datetime] = {}
    for state, at in said:
        answers[state] = min(at, answers.get(state, at))
    return answers


def _shape(
    row: Notice, actor: Actor, codes: set[str], answers: dict[str, datetime], now: datetime
) -> dict[str, Any]:
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
        "changed": row.changed_list,
        "at": row.at,
        "due_at": due_at,
        "acknowledged_at": answers.get(actor.state),
        "overdue": own is False and actor.state in late,
        "answers": [{"state": s, "at": at} for s, at in sorted(answers.items())] if own else [],
        "late": late if own else [],
    }
