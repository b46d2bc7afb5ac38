"""
What concerns two States, as two regional auditors see it: act, day, pseudonym; no id, no second.

A pseudonym is one of the pair and of the quarter: what is read of two pairs cannot be put together
by it, nor with what a State's own auditors see.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from audit import keyring
from audit.queries import concerns, fields_of
from audit.queries.concerns import Search
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.directory import queries as directory

from .. import limits, pseudonyms
from ..models import PairConsent, PairView
from .knowing import looked_up
from .searching import AUDITING, kinds_of, outcome_of
from .wishes import answer_to, asked_shape, wish_digest

Shape = dict[str, Any]


def sorted_pair(first: str, second: str) -> tuple[str, str]:
    """Return two States in the order in which a pair is named."""
    return (first, second) if first <= second else (second, first)


def consent_of(state: str, other: str, *, lock: bool = False) -> PairConsent | None:
    """Return a State's consent for a pair, if it stands; with `lock` held."""
    rows = PairConsent.objects.filter(state=state, other=other, withdrawn_at=None)
    if lock and connection.vendor != "sqlite":
        rows = rows.select_for_update()
    return rows.first()


def consented(first: str, second: str) -> bool:
    """Say whether both States of a pair let regional auditors see it."""
    return all(consent_of(*pair) is not None for pair in ((first, second), (second, first)))


def consents_of(state: str) -> list[Shape]:
    """Return for each other State since when one lets a pair with it be seen, and if it does."""
    given = {
        row.other: row.given_at
        for row in PairConsent.objects.filter(state=state, withdrawn_at=None)
    }
    theirs = set(
        PairConsent.objects.filter(other=state, withdrawn_at=None).values_list("state", flat=True)
    )
    return [
        {"other": other, "given_at": given.get(other), "theirs": other in theirs}
        for other in sorted(directory.state_codes() - {state})
    ]


def pair_view_for(pair_view: UUID, *, lock: bool = False) -> tuple[PairView, Shape]:
    """
    Return a wish and what was asked; with `lock` held.

    :raises NotVisible: if there is none such, or what was asked has been erased.
    """
    rows = PairView.objects.filter(id=pair_view)
    if lock and connection.vendor != "sqlite":
        rows = rows.select_for_update()
    found = rows.first()
    said = fields_of([found.audit_event_id]).get(found.audit_event_id) if found else None
    if found is None or said is None:
        raise NotVisible
    return found, said


def digest_of_pair_view(row: PairView, said: Shape) -> str:
    """Return the digest of a wish to see a pair, as an auditor of the region is shown it."""
    return wish_digest("pair-view", row, said, row.first, row.second, row.quarter)


def require_one_of_two(row: PairView, actor: Actor) -> None:
    """
    Let pass whoever asked or agreed.

    :raises NotVisible: for everybody else.
    """
    answer = answer_to(row)
    if actor.id not in {str(row.asker_id), str(answer.decider_id) if answer else ""}:
        raise NotVisible


def pair_views(actor: Actor, *, now: datetime) -> list[Shape]:
    """Return the wishes of the region's auditors, newest first."""
    found = PairView.objects.select_related("asker", "decision__decider")
    rows = list(found.order_by("-asked_at", "id")[: limits.AUDITS])
    said = fields_of(row.audit_event_id for row in rows)
    shapes = []
    for row in rows:
        if row.audit_event_id not in said:
            continue
        answer = answer_to(row)
        shapes.append(
            asked_shape(row, said[row.audit_event_id], reader=actor.id, now=now)
            | {
                "first": row.first,
                "second": row.second,
                "quarter": row.quarter,
                "until": answer.until if answer else None,
                "reads": answer is not None
                and actor.id in {str(row.asker_id), str(answer.decider_id)},
                "consented": consented(row.first, row.second),
            }
        )
    return shapes


def page_of(row: PairView, *, skip: int) -> Shape:
    """Return a page of what two auditors see of a pair; `next` is how many the next one skips."""
    since, until = pseudonyms.bounds(row.quarter)
    search = Search(
        state=row.first,
        also=row.second,
        # What auditors themselves do the States see by name (audits.py).
        not_kinds=kinds_of(AUDITING) or (),
        since=since,
        until=until,
        upto=row.decision.upto,
    )
    found = concerns.listed(search, skip=skip, most=limits.PAGE + 1)
    shown = found[: limits.PAGE]
    known = looked_up(one.actor for one in shown)
    key = pseudonyms.key_of(keyring.events_secret(), f"{row.first}+{row.second}")
    acts = []
    for one in shown:
        who = known.owners.get(one.actor, one.actor)
        person = known.people.get(who)
        acts.append(
            {
                "day": one.at.astimezone(UTC).date(),
                "kind": one.kind,
                "outcome": outcome_of(one.kind),
                "actor": pseudonyms.pseudonym(key, row.quarter, who) if who else None,
                "state": (person.state_id or "") if person else None,
            }
        )
    return {"acts": acts, "next": skip + limits.PAGE if len(found) > limits.PAGE else None}
