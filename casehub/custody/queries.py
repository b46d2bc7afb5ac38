"""Reading exports: one's own, those that wait for one's coordination, those of one's threads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from audit.queries import receipts
from casehub.cases import queries as cases
from casehub.cases.models import Circle
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.core.frames import to_b64u
from casehub.directory import queries as directory
from messaging import queries as messaging
from messaging.models import Entry

from . import limits, policies
from .models import Export
from .policies import CourtStep

Shape = dict[str, Any]
PAGE = 50  # entries in one answer


def range_of(
    actor: Actor, thread: UUID, first: int, last: int
) -> tuple[Circle, int, int, tuple[str, ...]]:
    """
    Return a circle that `actor` reads, where its log ends, and who wrote how much in a range.

    Drafts are no threads: what is in them leaves as a document.

    :raises NotVisible: if they do not read it, or it is a draft.
    :raises Refused: `not-started`.
    """
    group = messaging.group_for(actor, thread)
    circle = cases.circle_for(actor, thread)
    if circle.kind == Circle.Kind.DRAFTING:
        raise NotVisible
    rows = Entry.objects.filter(group=group, seq__gte=first, seq__lte=last, kind=Entry.Kind.MESSAGE)
    states = sorted(set(rows.values_list("device__person__state_id", flat=True)) - {None})
    return circle, group.head, rows.count(), tuple(states)


def own(actor: Actor, export: UUID, *, lock: bool = False) -> Export:
    """
    Return an export that `actor` wished for, of a thread that they read.

    :raises NotVisible: if there is none such.
    """
    mine = Export.objects.filter(person_id=actor.id, circle__in=cases.readable(actor))
    return _one(mine, export, lock=lock)


def before(actor: Actor, export: UUID) -> Export:
    """
    Return an export that takes the consent of `actor`'s coordination, held.

    :raises NotVisible: if there is none such of their State.
    """
    return _one(Export.objects.filter(_takes_consent(actor)), export, lock=True)


def _takes_consent(actor: Actor) -> Q:
    """Name what `actor`'s coordination decides or has decided on, while its thread is there."""
    return Q(state=actor.state, foreign=True, circle__erasure=None)


def _one(rows: QuerySet[Export], export: UUID, *, lock: bool) -> Export:
    if lock and connection.vendor != "sqlite":
        list(Export.objects.filter(id=export).select_for_update().values_list("id"))
    found = rows.filter(id=export).first()
    if found is None:
        raise NotVisible
    return found


def step_of(row: Export, *, now: datetime) -> CourtStep:
    """Return what an export waits for, or how it ended."""
    step = policies.step_of(
        foreign=row.foreign,
        consented=row.consented_at is not None,
        made=row.made_at is not None,
        refused=row.refused_at is not None,
        lapses_at=row.lapses_at,
        now=now,
    )
    if step not in policies.OPEN:
        return step
    hands = [(row.person_id, row.asked_at)]
    if row.consenter_id is not None and row.consented_at is not None:
        hands.append((row.consenter_id, row.consented_at))
    return CourtStep.VOID if directory.any_cut_off_since(row.state, hands) else step


def told_of(row: Export) -> list[UUID]:
    """Return who is told of what becomes of an export: for whom it waits, and who asked."""
    told = [row.person_id]
    if row.foreign:
        told += directory.holders_of(row.state, policies.MAY_CONSENT)
    if row.made_at is not None:
        told += cases.readers_of([row.circle_id]).get(row.circle_id, set())
    return told


def exports_for(actor: Actor, *, now: datetime) -> list[Shape]:
    """
    Return what `actor` may see of exports, the newest first.

    Readers of a thread see that something of it was carried away, and by whom. The coordination
    sees wishes that take its consent, without the thread, which may not be theirs to know of.
    """
    mine = Q(person_id=actor.id, circle__in=cases.readable(actor))
    read = Q(circle__in=cases.readable(actor), made_at__isnull=False)
    sees = mine | read
    if actor.roles_in_office & policies.MAY_CONSENT:
        sees |= _takes_consent(actor)
    rows = list(Export.objects.filter(sees).order_by("-asked_at", "id").distinct()[: limits.LISTED])
    places = {row.circle_id for row in rows}
    readable = set(cases.readable(actor).filter(id__in=places).values_list("id", flat=True))
    return [_shape(row, actor, readable, now=now) for row in rows]


def wanting(actor: Actor, *, now: datetime) -> list[datetime]:
    """
    Return until when each export waits that asks for the actor's consent, or to be made.

    Also those that `actor` cannot look into, with a device that was named after the wish was
    sealed: that their coordination is waited for stays true, and another of them can. What is open
    lapses within `limits.LASTS`, so few rows are asked of the directory, each by itself.
    """
    rows = Export.objects.filter(made_at=None, refused_at=None, lapses_at__gt=now)
    sees = Q(person_id=actor.id, circle__in=cases.readable(actor))
    if actor.roles_in_office & policies.MAY_CONSENT:
        sees |= _takes_consent(actor) & Q(consented_at=None) & ~Q(person_id=actor.id)
    found = rows.filter(sees).order_by("lapses_at", "id").distinct()
    return [
        one.lapses_at
        for one in found
        if step_of(one, now=now)
        is (CourtStep.READY if str(one.person_id) == actor.id else CourtStep.CONSENT)
    ]


def shape_for(actor: Actor, export: UUID, *, now: datetime) -> Shape:
    """Return one, for whoever has just acted on it."""
    row = Export.objects.get(id=export)
    readable = cases.readable(actor).filter(id=row.circle_id).values_list("id", flat=True)
    return _shape(row, actor, set(readable), now=now)


def _shape(row: Export, actor: Actor, readable: Iterable[UUID], *, now: datetime) -> Shape:
    mine = str(row.person_id) == actor.id
    decides = (
        row.state == actor.state
        and row.foreign
        and bool(actor.roles_in_office & policies.MAY_CONSENT)
    )
    step = step_of(row, now=now)
    # Whoever can decide nothing any more has nothing to look at.
    looks = decides and step is CourtStep.CONSENT
    box = {one["device"]: one["key"] for one in row.keys} if looks else {}
    consent = None
    if row.consenter_id is not None and (mine or decides):
        consent = {
            "person": row.consenter_id,
            "device": row.consent_device,
            "at": row.consent_said_at,
            "signature": to_b64u(row.consent_signature),
        }
    return {
        "id": row.id,
        "client_id": row.client_id if mine else None,
        "circle": row.circle_id if row.circle_id in readable else None,
        "person": row.person_id,
        "state": row.state,
        "first": row.first,
        "last": row.last,
        "messages": row.messages,
        "foreign": row.foreign,
        "wish": row.wish,
        "step": step,
        "asked_at": row.asked_at,
        "lapses_at": row.lapses_at,
        "consent": consent,
        "refused_at": row.refused_at,
        "reason": row.reason,
        "made_at": row.made_at,
        "bundle": row.bundle,
        "pdf": row.pdf,
        "box": to_b64u(row.box) if box.get(actor.device or "") else None,
        "key": box.get(actor.device or ""),
    }


def proofs_for(actor: Actor, export: UUID, *, after: int, now: datetime) -> Shape:
    """
    Return the receipts that an export carries: of its acts, and of entries after `after`.

    Whoever reads a thread knows all that the events of its entries say; here they are opened, with
    their places in the log, so that somebody else can see that it is so.

    :raises NotVisible: if it is not `actor`'s own, of a thread that they read.
    """
    row = own(actor, export)
    step = step_of(row, now=now)
    if step not in policies.OPEN and step is not CourtStep.MADE:
        raise NotVisible
    rows = Entry.objects.filter(
        group_id=row.circle_id, seq__gt=max(after, row.first - 1), seq__lte=row.last
    ).order_by("seq")[:PAGE]
    places = {entry.audit_event_id: entry.seq for entry in rows}
    acts = {
        "asked": row.asked_event,
        "agreed": row.agreed_event,
        "made": row.audit_event_id if row.made_at is not None else None,
    }
    wanted = [*places, *(event for event in acts.values() if event is not None)]
    opened = {one.event: asdict(one) for one in receipts.opened(wanted)}
    return {
        **{name: opened.get(event) if event is not None else None for name, event in acts.items()},
        "entries": [
            {"seq": seq, **opened[event]} for event, seq in places.items() if event in opened
        ],
    }
