"""Writing to case files: opening, letting in, shutting out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused, require
from casehub.core.retries import digest_of, require_same
from casehub.directory import queries as directory
from casehub.directory.events import ContactOpened
from casehub.directory.services.contacts import keep_opening

from .. import notify, policies, queries, rules
from ..circles import let_in, place, shut_out
from ..events import (
    CaseOpened,
    CaseRead,
    PersonAdded,
    PersonRemoved,
    ReaderAdded,
    ReaderRemoved,
    ThreadOpened,
)
from ..models import Case, CaseMember, Circle, Reader
from ..proposing import proposal, require_proof, tell
from ..queries.keeping import require_open
from ..waiting import require_confirmed, require_effective

# What not all States of the case know of.
_NOT_ALL = frozenset({Circle.Kind.DRAFTING, Circle.Kind.NOTE})


def _held(circle: UUID, actor: Actor) -> tuple[Circle, Case]:
    """Return a circle and its case, both held, once it is certain that `actor` still reads it."""
    case = queries.case_for(actor, queries.circle_for(actor, circle).case_id, lock=True)
    queries.hold([circle])
    return queries.circle_for(actor, circle), case


def _require_thread(circle: Circle) -> None:
    """Refuse what is done to readers of threads for a circle that others are answerable for."""
    if circle.kind == Circle.Kind.DRAFTING:
        raise Refused("draft-follows-request")
    if circle.kind == Circle.Kind.NOTE:
        raise Refused("note-readers")


@transaction.atomic
def open_case(
    *,
    client_id: UUID,
    states: Sequence[str],
    urgent: bool = False,
    retention: str = rules.USUAL,
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Open a case file and return its id; the reference is the State's next number.

    It is of the actor's own State; each other one of `states` is proposed in the same act, and
    takes part once the actor's coordination has consented and that State has accepted.

    :raises Refused: `step-up-needed` if other States are proposed; `unknown-state`,
        `own-state-missing`, `directory-unconfirmed`, `state-unconfirmed`, `retention-unknown`;
        `id-reused` if `client_id` already opened another case.
    """
    chosen_class = [] if retention == rules.USUAL else [retention]
    asked = digest_of(*sorted(set(states)), *(["urgent"] if urgent else []), *chosen_class)
    known = Case.objects.filter(owner_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.id
    chosen = frozenset(states)
    if chosen - {actor.state}:
        require_proof(actor, now)
    known_states = directory.state_codes()
    require(policies.why_not_open(actor, states=chosen, known=known_states, retention=retention))
    require_confirmed(chosen, own=actor.state, now=now)

    number = queries.next_number(actor.state, now.year)
    case = Case(
        reference=f"{actor.state}-{now.year}-{number:04d}",
        state=actor.state,
        year=now.year,
        number=number,
        states=actor.state,
        owner_id=actor.id,
        opened_at=now,
        client_id=client_id,
        request_digest=asked,
        retention=retention,
    )
    circle = Circle(
        case=case,
        kind=Circle.Kind.CASE,
        opener_id=actor.id,
        opened_at=now,
        client_id=client_id,
        request_digest=asked,
    )
    event = CaseOpened(
        states=(actor.state,),
        case=str(case.id),
        reference=case.reference,
        circle=str(circle.id),
        retention=retention,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    case.audit_event_id = circle.audit_event_id = act
    case.save(force_insert=True)
    circle.save(force_insert=True)
    CaseMember.objects.create(
        case=case,
        person_id=actor.id,
        added_by_id=actor.id,
        added_at=now,
        client_id=client_id,
        request_digest=asked,
        audit_event_id=act,
    )
    let_in([circle.id], [UUID(actor.id)], act=act, now=now)
    for state in sorted(chosen - {actor.state}):
        row, proposed = proposal(
            case,
            state,
            urgent=urgent,
            client_id=client_id,
            request_digest=asked,
            actor=actor,
            now=now,
        )
        row.audit_event_id = audit.services.record(proposed, actor=actor.id, at=now)
        row.save(force_insert=True)
        tell(row)
    notify.people_changed([actor.id], [])
    return case.id


@transaction.atomic
def read_case(*, case: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Log that `actor` looks into a case, before they see it.

    :raises NotVisible: if they are not in it.
    """
    found = queries.case_for(actor, case)
    event = CaseRead(states=tuple(found.state_set), case=str(found.id))
    audit.services.record(event, actor=actor.id, at=now)
    return found.id


@transaction.atomic
def open_thread(
    *, case: UUID, client_id: UUID, people: Sequence[UUID], actor: Actor, now: datetime
) -> UUID:
    """
    Open a thread in a case for `people` of the case and the actor; return its circle's id.

    :raises NotVisible: if the actor is not in the case, or one of `people` is not.
    :raises Refused: `id-reused`, `case-closed`; `person-limited`, also for the actor's own new key.
    """
    asked = digest_of(case, *sorted(map(str, people)))
    known = Circle.objects.filter(opener_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.id
    found = queries.case_for(actor, case, lock=True)
    require_open(found)
    members = set(found.members.filter(removed_at=None).values_list("person_id", flat=True))
    readers = {UUID(actor.id), *people}
    if not readers <= members:
        raise NotVisible
    require_effective(found, readers, now=now)
    circle = uuid4()
    event = ThreadOpened(
        states=tuple(found.state_set),
        circle=str(circle),
        case=str(found.id),
        people=tuple(sorted(map(str, readers))),
    )
    place(
        circle=circle,
        case=found,
        kind=Circle.Kind.THREAD,
        opener=UUID(actor.id),
        people=sorted(readers),
        client_id=client_id,
        request_digest=asked,
        act=audit.services.record(event, actor=actor.id, at=now),
        now=now,
    )
    return circle


@transaction.atomic
def add_person(
    *,
    case: UUID,
    client_id: UUID,
    person: UUID,
    circles: Sequence[UUID],
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Let a person into a case, its title, and those of its threads that `actor` reads and names.

    :raises NotVisible: if the actor is not in the case or does not read one of the circles.
    :raises Refused: `step-up-needed` in a case between States; `person-unknown`,
        `state-not-in-case`, `already-in`, `case-full`, `id-reused`, `person-limited`,
        `case-closed`, `draft-follows-request` (drafting circle: its request lets people in).
    """
    asked = digest_of(case, person, *sorted(map(str, circles)))
    known = CaseMember.objects.filter(added_by_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.case_id
    found = queries.case_for(actor, case, lock=True)
    require_open(found)
    if found.state_set - {actor.state}:
        require_proof(actor, now)
    candidate = directory.people_with([person], roles=policies.MAY_READ).get(person)
    require(
        policies.why_not_add(
            candidate_known=candidate is not None,
            state_in=candidate is not None and candidate.state_id in found.state_set,
            already=queries.member(found, person) is not None,
            count=found.members.filter(removed_at=None).count(),
        )
    )
    require_effective(found, [person], now=now)
    title = found.circles.get(kind=Circle.Kind.CASE)
    named = [queries.circle_for(actor, circle) for circle in dict.fromkeys(circles)]
    for circle in named:
        if circle.case_id != found.id:
            raise NotVisible
        _require_thread(circle)
    entered = list(dict.fromkeys([title.id, *(circle.id for circle in named)]))
    event = PersonAdded(
        states=tuple(found.state_set),
        case=str(found.id),
        person=str(person),
        circles=tuple(map(str, entered)),
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    CaseMember.objects.create(
        case=found,
        person_id=person,
        added_by_id=actor.id,
        added_at=now,
        client_id=client_id,
        request_digest=asked,
        audit_event_id=act,
    )
    let_in(entered, [person], act=act, now=now)
    members = found.members.filter(removed_at=None).values_list("person_id", flat=True)
    notify.people_changed(members, entered)
    return found.id


@transaction.atomic
def remove_person(*, case: UUID, person: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Shut a person out of a case, its title and its threads, at once.

    Out of its drafts and the notes they sent from it too, if their own State does it; else those
    who draft decide (ADR 13), and a note stays its sender's (ADR 33). No drafting circle and no
    note's stands in the event: all States of the case read that.

    :raises NotVisible: if the actor or the person is not in the case.
    :raises Refused: `owner-stays`, `not-yours-to-remove`.
    """
    found = queries.case_for(actor, case, lock=True)
    queries.hold(found.circles.values_list("id", flat=True))
    place = queries.member(found, person)
    require(
        policies.why_not_remove(
            actor=actor,
            owner=str(found.owner_id),
            person=str(person),
            person_state=(place.person.state_id or "") if place else "",
            present=place is not None,
        )
    )
    assert place is not None  # noqa: S101 - the policy refused an absent person
    places = Reader.objects.filter(circle__case=found, person_id=person, until=None)
    if not policies.ends_drafting(actor=actor, person_state=place.person.state_id or ""):
        places = places.exclude(circle__kind__in=_NOT_ALL)
    left = dict(places.values_list("circle_id", "circle__kind"))
    event = PersonRemoved(
        states=tuple(found.state_set),
        case=str(found.id),
        person=str(person),
        circles=tuple(str(circle) for circle, kind in left.items() if kind not in _NOT_ALL),
    )
    place.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    place.removed_at = now
    place.save(update_fields=["audit_event_id", "removed_at"])
    places.update(until=now, act=place.audit_event_id)
    members = found.members.filter(removed_at=None).values_list("person_id", flat=True)
    others = set().union(*queries.readers_of(left).values())  # of a note, who is in no case
    notify.people_changed({*members, *others, person}, left)
    return found.id


@transaction.atomic
def add_reader(*, circle: UUID, client_id: UUID, person: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Let a person of the case into one thread; return the case's id.

    :raises NotVisible: if the actor does not read the thread or the person is not in the case.
    :raises Refused: `already-in`, which is also what a retry hears: either way the person is in;
        `person-limited`, `draft-follows-request` (drafting circle), `case-closed`.
    """
    del client_id  # a person is in a circle once, whichever request let them in
    found, case = _held(circle, actor)
    _require_thread(found)
    require_open(case)
    if queries.member(case, person) is None:
        raise NotVisible
    if queries.reader(found, person) is not None:
        raise Refused("already-in")
    require_effective(case, [person], now=now)
    event = ReaderAdded(
        states=tuple(case.state_set), circle=str(found.id), case=str(case.id), person=str(person)
    )
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["audit_event_id"])
    let_in([found.id], [person], act=found.audit_event_id, now=now)
    notify.people_changed([actor.id, person], [found.id])
    return case.id


@transaction.atomic
def remove_reader(*, circle: UUID, person: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Shut a person out of one thread; return the case's id.

    :raises NotVisible: if the actor or the person does not read the thread.
    :raises Refused: `owner-stays`, `not-yours-to-remove`, `title-follows-case` (title circle),
        `draft-follows-request` (drafting circle).
    """
    found, case = _held(circle, actor)
    _require_thread(found)
    if found.kind == Circle.Kind.CASE:
        raise Refused("title-follows-case")
    place = queries.reader(found, person)
    require(
        policies.why_not_remove(
            actor=actor,
            owner=str(case.owner_id),
            person=str(person),
            person_state=(place.person.state_id or "") if place else "",
            present=place is not None,
        )
    )
    event = ReaderRemoved(
        states=tuple(case.state_set), circle=str(found.id), case=str(case.id), person=str(person)
    )
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["audit_event_id"])
    shut_out(found.id, person, act=found.audit_event_id, now=now)
    notify.people_changed([actor.id, person], [found.id])
    return case.id


@transaction.atomic
def open_contact(*, person: UUID, case: UUID | None, actor: Actor, now: datetime) -> dict[str, Any]:
    """
    Log that `actor` is shown how somebody is reached outside the platform, and return it.

    Of another State's people only within a case that both are in, or, between coordinators, of one
    who is on duty. The person sees who was shown it.

    :raises NotVisible: in every other case, and if there is nobody such.
    :raises Refused: `contact-not-given`.
    """
    within = None if case is None else queries.case_for(actor, case)
    if within is not None and queries.member(within, person) is None:
        raise NotVisible
    found, contact = directory.contact_for(actor, person, shared=within is not None)
    states = {actor.state, found.state_id or "", *(within.state_set if within else ())}
    event = ContactOpened(
        states=tuple(sorted(states - {""})),
        person=str(found.id),
        case=None if case is None else str(case),
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    keep_opening(person=found, by=actor.id, case=case, event=act, now=now)
    return contact
