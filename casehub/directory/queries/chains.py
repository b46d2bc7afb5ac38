"""The statements that verify a person, and what they come to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from casehub.core.actor import Actor
from casehub.core.frames import from_b64u, to_b64u
from casehub.directory import statements
from casehub.directory.chain import Chain
from casehub.directory.models import Person, SignedStatement
from casehub.directory.policies import told

MANY = 200  # persons a chain may be asked for at once


@cache
def roots() -> dict[str, bytes]:
    """Return the pinned root key of each State: configuration, not a row in the database."""
    return {code: from_b64u(key, most=32) for code, key in settings.CASEHUB_ROOTS.items()}


def _read(row: SignedStatement) -> statements.Statement:
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
    return [_read(row) for row in rows]


def statements_for(actor: Actor, people: Collection[UUID | str]) -> list[statements.Statement]:
    """Return the statements about those of `people` whose whole card `actor` is told."""
    rows = Person.objects.filter(id__in=list(people)[:MANY]).values_list("id", "state_id")
    whole = {"card", "own"}
    return statements_about([one for one, state in rows if told(actor, state or "") in whole])


def chain_about(people: Collection[UUID | str], *, now: datetime) -> Chain:
    """Return the judged chain of these persons."""
    return Chain(statements_about(people), roots=roots(), now=now)


def keys_of(actor: Actor, *, now: datetime) -> set[bytes]:
    """Return the keys that lead back to the ministry as this person's: as officer, and bound."""
    about = statements_about([actor.id])
    root = roots().get(actor.state)
    found = {
        from_b64u(one.fields["key"], most=statements.KEY_SIZE)
        for one in about
        if one.type == "officer"
        and one.person == actor.id
        and root is not None
        and one.signed_by(root)
        and statements.instant(one.fields["until"]) > now
    }
    with suppress(statements.ChainBroken):
        found.add(Chain(about, roots=roots(), now=now).person(actor.id).key)
    return found


def fields_of(row: SignedStatement) -> Mapping[str, Any]:
    """Return what a kept statement says."""
    return _read(row).fields
