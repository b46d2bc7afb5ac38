"""The statements that verify a person, and what they come to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from casehub.core.frames import from_b64u, to_b64u
from casehub.directory import statements
from casehub.directory.chain import Chain
from casehub.directory.models import Person, SignedStatement

MANY = 200  # persons a chain may be asked for at once


@cache
def roots() -> dict[str, bytes]:
    """Return the pinned root key of each State: configuration, not a row in the database."""
    return {code: from_b64u(key, most=32) for code, key in settings.CASEHUB_ROOTS.items()}


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


def chain_about(people: Collection[UUID | str], *, now: datetime) -> Chain:
    """Return the judged chain of these persons."""
    return Chain(statements_about(people), roots=roots(), now=now)
