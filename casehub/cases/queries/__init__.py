"""Reading case files: always through the membership of whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.directory import queries as directory

from .. import limits, policies
from ..models import Case, CaseMember, Circle, Joining, Reader
from ..policies import Step
from .seats import circles_of as circles_of
from .seats import circles_of_each as circles_of_each
from .seats import readable as readable
from .seats import readers_of as readers_of
from .seats import seated_in as seated_in


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


def cases_among(actor: Actor, cases: Iterable[UUID]) -> set[UUID]:
    """Return which of `cases` `actor` is in."""
    return set(_visible(actor).filter(id__in=list(cases)).values_list("id", flat=True))


def circle_for(actor: Actor, circle: UUID | str) -> Circle:
    """
    Return a circle that `actor` reads.

    :raises NotVisible: if there is none such, or they do not read it.
    """
    found = readable(actor).filter(id=circle).select_related("case").first()
    if found is None:
        raise NotVisible
    return found


def states_of(circles: Iterable[UUID | str]) -> dict[UUID, tuple[str, ...]]:
    """
    Return the States each circle concerns: those of its case.

    Of a draft its opener's alone; of a note those of whoever ever read it.
    """
    rows = Circle.objects.filter(id__in=list(circles)).select_related("case", "opener")
    found = {circle.id: _states_of(circle) for circle in rows}
    notes = [circle.id for circle in rows if circle.kind == Circle.Kind.NOTE]
    if notes:
        told = Reader.objects.filter(circle__in=notes)
        pairs = set(told.values_list("circle_id", "person__state_id"))
        for note in notes:
            found[note] = tuple(sorted(state or "" for one, state in pairs if one == note))
    return found


def _states_of(circle: Circle) -> tuple[str, ...]:
    if circle.kind == Circle.Kind.DRAFTING:
        return (circle.opener.state_id or "",)
    return tuple(circle.case.states.split(","))


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


def _shape(case: Case, actor: Actor, *, now: datetime) -> dict[str, Any]:
    circles = list(case.circles.order_by("opened_at"))
    who = readers_of(c.id for c in circles)
    me = UUID(actor.id)
    here = case.members.filter(removed_at=None).exclude(person__account__is_active=False)
    members = list(here.select_related("person__state").order_by("added_at", "id"))
    stopped = directory.stops_of(m.person for m in members)
    devices = directory.device_stops_of([m.person_id for m in members], since=case.opened_at)
    mine = [c for c in circles if me in who.get(c.id, ())]
    return {
        "id": case.id,
        "reference": case.reference,
        "state": case.state,
        "states": sorted(case.state_set),
        "circle": next(c.id for c in circles if c.kind == Circle.Kind.CASE),
        "opened_at": case.opened_at,
        "owner": case.owner_id,
        "joinings": _joinings_of(case, actor, now=now),
        "people": [
            {
                "id": m.person_id,
                "since": m.added_at,
                "stopped": stopped.get(m.person_id),
                "devices_stopped": [
                    {"device": stop.device_id, "at": stop.at}
                    for stop in devices.get(m.person_id, ())
                ],
            }
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


def cases_for(actor: Actor, *, now: datetime) -> list[dict[str, Any]]:
    """Return all cases of `actor`, newest first, each with the threads they read."""
    return [_shape(c, actor, now=now) for c in _visible(actor).order_by("-opened_at").distinct()]


def shape_for(actor: Actor, case: UUID | str, *, now: datetime) -> dict[str, Any]:
    """
    Return one case as `actor` may see it.

    :raises NotVisible: if they may not.
    """
    return _shape(case_for(actor, case), actor, now=now)


def next_number(state: str, year: int) -> int:
    """Return the next free number of a State's year; the unique constraint ends a race."""
    last = Case.objects.filter(state=state, year=year).order_by("-number").first()
    return last.number + 1 if last else 1


def own_joinings(actor: Actor) -> QuerySet[Joining]:
    """Return the proposals of the actor's State: its coordination's to consent to."""
    return Joining.objects.filter(case__state=actor.state)


def joinings_asking(actor: Actor) -> QuerySet[Joining]:
    """Return what asks the actor's State, once the State that owns the case has consented."""
    return Joining.objects.filter(state=actor.state, consented_at__isnull=False)


def joinings_before(actor: Actor) -> QuerySet[Joining]:
    """Return what lies or lay before `actor` to decide on, in their State's name."""
    asking = Q(state=actor.state, consented_at__isnull=False)
    own = Q(case__state=actor.state) if "coordinator" in actor.roles else Q(pk__in=[])
    return Joining.objects.filter(asking | own)


def joinings_within(actor: Actor) -> QuerySet[Joining]:
    """Return the proposals of cases that `actor` is in; of another State's once it consented."""
    mine = CaseMember.objects.filter(person_id=actor.id, removed_at=None)
    return Joining.objects.filter(case__in=mine.values("case")).filter(
        Q(case__state=actor.state) | Q(consented_at__isnull=False)
    )


def step_of(row: Joining, *, now: datetime) -> Step:
    """Return what a joining waits for, or how it ended."""
    step = policies.step_of(
        consented=row.consented_at is not None,
        accepted=row.accepted_at is not None,
        ended=row.ended,
        lapses_at=row.lapses_at,
        now=now,
    )
    return Step.VOID if step in policies.OPEN and _is_void(row) else step


def _is_void(row: Joining) -> bool:
    """Say whether somebody was stopped after they gave a hand under it, lifted since or not."""
    hands = [(row.proposer_id, row.proposed_at)]
    if row.consenter_id is not None and row.consented_at is not None:
        hands.append((row.consenter_id, row.consented_at))
    return directory.any_cut_off_since(row.case.state, hands)


def digest_of_joining(row: Joining) -> str:
    """Return the SHA-256 (hex) of what is proposed."""
    return policies.proposal_digest(
        case=str(row.case_id),
        reference=row.case.reference,
        state=row.state,
        urgent=row.urgent,
        proposer=str(row.proposer_id),
        at=row.proposed_at,
    )


def asked_states(case: Case, *, now: datetime) -> set[str]:
    """Return the States that a case is being opened to."""
    waiting = case.joinings.filter(accepted_at=None, ended="", lapses_at__gt=now)
    return {
        row.state
        for row in waiting.select_related("case")
        if step_of(row, now=now) in policies.OPEN
    }


def told_of(row: Joining) -> list[UUID]:
    """Return who is told of a joining by their office: of the owner's State, of the asked one."""
    coordination = directory.holders_of(row.case.state, frozenset({"coordinator"}))
    if row.consented_at is None:
        return coordination
    return [*coordination, *directory.holders_of(row.state, policies.MAY_READ)]


def _joining_shape(
    row: Joining, *, now: datetime, wait: tuple[datetime, str] | None = None
) -> dict[str, Any]:
    return {
        "id": row.id,
        "case": row.case_id,
        "reference": row.case.reference,
        "owner_state": row.case.state,
        "state": row.state,
        "step": step_of(row, now=now),
        "urgent": row.urgent,
        "proposer": row.proposer_id,
        "proposed_at": row.proposed_at,
        "lapses_at": row.lapses_at,
        "consented_at": row.consented_at,
        "objections_until": row.objections_until,
        "wait_until": wait[0] if wait else None,
        "wait_for": wait[1] if wait else "",
        "ended_at": row.ended_at,
        "reason": row.reason,
    }


def _joinings_of(case: Case, actor: Actor, *, now: datetime) -> list[dict[str, Any]]:
    """Return, of each State that is not in, the newest proposal that `actor` may see."""
    rows = case.joinings.exclude(state__in=case.state_set).select_related("case")
    if actor.state != case.state:
        rows = rows.filter(consented_at__isnull=False)
    newest = {row.state: row for row in rows.order_by("proposed_at")}
    return [_joining_shape(newest[state], now=now) for state in sorted(newest)]


def joinings_for(actor: Actor, *, now: datetime) -> list[dict[str, Any]]:
    """
    Return what waits for the actor's State, oldest first, and what lapsed of it lately.

    Coordinators see what their own State proposed, and all who work on cases what asks it. Nothing
    of a closed case: whoever proposed it takes it back in the case itself.
    """
    rows = _pending(actor, since=now - limits.TOLD)
    found = rows.select_related("case").order_by("proposed_at", "id")
    return [_joining_shape(row, now=now, wait=_wait(row, actor, now=now)) for row in found]


def joinings_wanting(actor: Actor, *, now: datetime) -> list[datetime]:
    """Return until when each proposal waits that asks for the actor's own hand."""
    return [
        row.lapses_at
        for row in _pending(actor, since=now).select_related("case")
        if policies.wants_hand(
            step_of(row, now=now),
            asked=row.state == actor.state,
            own=row.case.state == actor.state,
            proposed=str(row.proposer_id) == actor.id,
            roles=actor.roles_in_office,
        )
    ]


def _pending(actor: Actor, *, since: datetime) -> QuerySet[Joining]:
    """Return what lies before `actor` undecided, and lapses later than `since`."""
    # In a case that is closed there is nothing to consent to, nor to accept.
    return joinings_before(actor).filter(
        accepted_at=None, ended="", lapses_at__gt=since, case__closed_at=None
    )


def _wait(row: Joining, actor: Actor, *, now: datetime) -> tuple[datetime, str] | None:
    """Return until when `actor`'s hand under a proposal has to wait, and for whom; or None."""
    step = step_of(row, now=now)
    accepts = step is Step.ACCEPTANCE and row.state == actor.state
    if not accepts and (step is not Step.CONSENT or row.case.state != actor.state):
        return None
    own = directory.effective_later([UUID(actor.id)], now=now).values()
    waits = [(until, "own") for until in own]
    if accepts:
        members = row.case.members.filter(removed_at=None).values_list("person_id", flat=True)
        fresh = directory.effective_later(members, now=now).values()
        waits += [(until, "case") for until in fresh]
    return max(waits, default=None)


def joining_shape(joining: UUID, *, now: datetime) -> dict[str, Any]:
    """Return one, for whoever has just acted on it."""
    return _joining_shape(Joining.objects.select_related("case").get(id=joining), now=now)
