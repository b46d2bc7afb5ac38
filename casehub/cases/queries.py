"""Reading case files: always through the membership of whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.directory import queries as directory

from .models import Case, CaseMember, Circle, Reader


def _visible(actor: Actor) -> QuerySet[Case]:
    return Case.objects.filter(members__person_id=actor.id, members__removed_at=None)


def case_for(actor: Actor, case: UUID | str, *, lock: bool = False) -> Case:
    """
    Return a case that `actor` is in, with `lock` as `hold_case` keeps it.

    :raises NotVisible: if there is none such, or they are not in it: one answer for both.
    """
    if lock:
        hold_case(case)
    # A statement of its own: joined with the lock it would show who was in before the wait.
    found = _visible(actor).filter(id=case).first()
    if found is None:
        raise NotVisible
    return found


def circle_for(actor: Actor, circle: UUID | str) -> Circle:
    """
    Return a circle that `actor` reads.

    :raises NotVisible: if there is none such, or they do not read it.
    """
    found = (
        Circle.objects.filter(
            id=circle,
            readers__person_id=actor.id,
            readers__until=None,
            readers__person__suspended_at=None,
            readers__person__state__stopped_at=None,
        )
        .select_related("case")
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def readers_of(circles: Iterable[UUID | str]) -> dict[UUID, set[UUID]]:
    """Return who is entitled to read each of `circles` now, by person id."""
    out: dict[UUID, set[UUID]] = {}
    readers = Reader.objects.filter(
        circle__in=list(circles),
        until=None,
        person__suspended_at=None,
        person__state__stopped_at=None,
    )
    # Who has closed their account has left every circle, as if taken out of each.
    here = readers.exclude(person__account__is_active=False)
    for circle, person in here.values_list("circle_id", "person_id"):
        out.setdefault(circle, set()).add(person)
    return out


def states_of(circles: Iterable[UUID | str]) -> dict[UUID, tuple[str, ...]]:
    """Return the States each circle concerns: those of its case, of a draft its opener's alone."""
    rows = Circle.objects.filter(id__in=list(circles)).select_related("case", "opener")
    return {
        circle.id: (circle.opener.state_id or "",)
        if circle.kind == Circle.Kind.DRAFTING
        else tuple(circle.case.states.split(","))
        for circle in rows
    }


def hold(circles: Iterable[UUID | str]) -> None:
    """
    Keep who reads these circles as it is until the transaction ends.

    Whoever shuts a person out and whoever stores a message both come through here, in order of
    id, so that no message is accepted for readers who changed a moment ago. On SQLite the one
    writer has the same effect.
    """
    if connection.vendor == "sqlite":
        return
    rows = Circle.objects.filter(id__in=list(circles)).order_by("id")
    list(rows.select_for_update(no_key=True).values_list("id"))


def hold_case(case: UUID | str) -> None:
    """
    Keep who is in a case and reads its circles as it is until the transaction ends.

    Whoever changes either comes through here. On SQLite the one writer has the same effect.
    """
    if connection.vendor == "sqlite":
        return
    list(Case.objects.filter(id=case).select_for_update().values_list("id"))


def has_opened(opener: UUID, client_id: UUID) -> bool:
    """Say whether a person's `client_id` has opened a circle."""
    return Circle.objects.filter(opener_id=opener, client_id=client_id).exists()


def circles_of(person: UUID | str) -> list[UUID]:
    """Return the circles that a person reads now."""
    return list(
        Reader.objects.filter(person_id=person, until=None).values_list("circle", flat=True)
    )


def member(case: Case, person: UUID | str) -> CaseMember | None:
    """Return a person's present place in a case."""
    return (
        CaseMember.objects.filter(case=case, person_id=person, removed_at=None)
        .select_related("person")
        .first()
    )


def reader(circle: Circle, person: UUID | str) -> Reader | None:
    """Return a person's present place in a circle."""
    return (
        Reader.objects.filter(circle=circle, person_id=person, until=None)
        .select_related("person")
        .first()
    )


def _shape(case: Case, actor: Actor) -> dict[str, Any]:
    circles = list(case.circles.order_by("opened_at"))
    who = readers_of(c.id for c in circles)
    me = UUID(actor.id)
    here = case.members.filter(removed_at=None).exclude(person__account__is_active=False)
    members = list(here.select_related("person__state").order_by("added_at", "id"))
    stopped = directory.stops_of(m.person for m in members)
    mine = [c for c in circles if me in who.get(c.id, ())]
    return {
        "id": case.id,
        "reference": case.reference,
        "state": case.state,
        "states": sorted(case.state_set),
        "circle": next(c.id for c in circles if c.kind == Circle.Kind.CASE),
        "opened_at": case.opened_at,
        "owner": case.owner_id,
        "people": [
            {"id": m.person_id, "since": m.added_at, "stopped": stopped.get(m.person_id)}
            for m in members
        ],
        "threads": [
            {
                "circle": c.id,
                "opened_at": c.opened_at,
                # Its opener's client knows its own new thread by the id that it chose itself.
                "client_id": c.client_id if c.opener_id == me else None,
                "people": sorted(who[c.id], key=str),
            }
            for c in mine
            if c.kind == Circle.Kind.THREAD
        ],
        "drafts": [
            {"circle": c.id, "opened_at": c.opened_at, "people": sorted(who[c.id], key=str)}
            for c in mine
            if c.kind == Circle.Kind.DRAFTING
        ],
    }


def cases_for(actor: Actor) -> list[dict[str, Any]]:
    """Return all cases of `actor`, newest first, each with the threads they read."""
    return [_shape(c, actor) for c in _visible(actor).order_by("-opened_at").distinct()]


def shape_for(actor: Actor, case: UUID | str) -> dict[str, Any]:
    """
    Return one case as `actor` may see it.

    :raises NotVisible: if they may not.
    """
    return _shape(case_for(actor, case), actor)


def next_number(state: str, year: int) -> int:
    """Return the next free number of a State's year; the unique constraint ends a race."""
    last = Case.objects.filter(state=state, year=year).order_by("-number").first()
    return last.number + 1 if last else 1
