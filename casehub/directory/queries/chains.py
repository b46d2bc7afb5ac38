"""The statements that verify a person."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from casehub.core.actor import Actor
from casehub.core.frames import to_b64u
from casehub.directory import statements
from casehub.directory.models import Person, SignedStatement
from casehub.directory.policies import told

MANY = 200  # persons a chain may be asked for at once


def as_signed(row: SignedStatement) -> statements.Statement:
    """Return a statement as it was signed."""
    return statements.parse(
        {"type": row.type, "body": to_b64u(row.body), "signatures": row.signatures}
    )


def statements_about(people: Collection[UUID | str]) -> list[statements.Statement]:
    """
    Return all statements that somebody needs to verify these persons and their devices.

    Those are their own, and of their States the officers' and the coordinators' too.
    """
    named = Person.objects.filter(id__in=list(people)[:MANY])
    codes = {p.state_id for p in named if p.state_id}
    rows = SignedStatement.objects.filter(
        Q(person__in=[p.id for p in named])
        | Q(state__in=codes, type="officer")
        | Q(
            state__in=codes,
            person__in=Person.objects.filter(state__in=codes, roles__contains="coordinator").values(
                "id"
            ),
        )
    ).order_by("entered_at", "digest")
    return [as_signed(row) for row in rows]


def statements_for(actor: Actor, people: Collection[UUID | str]) -> list[statements.Statement]:
    """Return the statements about those of `people` whose whole card `actor` is told."""
    rows = Person.objects.filter(id__in=list(people)[:MANY]).values_list("id", "state_id")
    whole = {"card", "own"}
    return statements_about([one for one, state in rows if told(actor, state or "") in whole])
