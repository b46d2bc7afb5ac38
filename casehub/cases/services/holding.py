"""Legal holds: set by one hand, lifted by two of the State that set it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused, require
from casehub.core.retries import digest_of, require_same
from casehub.directory import queries as directory
from casehub.directory.services import hold_hands

from .. import limits, notify, policies, queries
from ..events import HoldLiftAsked, HoldLifted, HoldLiftRefused, HoldPlaced
from ..models import Case, Circle, Hold
from ..proposing import require_proof
from ..queries import keeping
from .keeping import tell_case


def _place(
    *,
    case: Case,
    circle: UUID | None,
    states: tuple[str, ...],
    ground: str,
    client_id: UUID,
    request_digest: str,
    actor: Actor,
    now: datetime,
) -> Hold:
    row = Hold(
        case=case,
        circle_id=circle,
        state=actor.state,
        ground=ground,
        person_id=UUID(actor.id),
        at=now,
        client_id=client_id,
        request_digest=request_digest,
    )
    event = HoldPlaced(states=states, held=str(circle or case.id), hold=str(row.id), ground=ground)
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save(force_insert=True)
    return row


def _known(actor: Actor, client_id: UUID, asked: str) -> Hold | None:
    known = Hold.objects.filter(person_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
    return known


@transaction.atomic
def place_hold(*, case: UUID, client_id: UUID, ground: str, actor: Actor, now: datetime) -> UUID:
    """
    Set a legal hold on a case in which the actor's State takes part; return the hold's id.

    From the commit on nothing of the case is destroyed: no file is taken back, no message
    withdrawn, and its period ends without a deletion for as long as the hold stands.

    :raises NotVisible: if the actor is not told of the case by their office.
    :raises Refused: `step-up-needed`, `case-erased`, `id-reused`; `hold-stands` if their State's
        stands already.
    """
    asked = digest_of(case, ground)
    known = _known(actor, client_id, asked)
    if known:
        return known.id
    require_proof(actor, now)
    queries.hold_case(case)
    found = keeping.office_case(actor, case)
    # Whoever withdraws a message or takes a file back holds its circle.
    queries.hold(found.circles.values_list("id", flat=True))
    if found.erased_at is not None:
        raise Refused("case-erased")
    if keeping.standing().filter(case=found, circle=None, state=actor.state).exists():
        raise Refused("hold-stands")
    row = _place(
        case=found,
        circle=None,
        states=tuple(found.state_set),
        ground=ground,
        client_id=client_id,
        request_digest=asked,
        actor=actor,
        now=now,
    )
    tell_case(found)
    return row.id


@transaction.atomic
def hold_note(*, circle: UUID, client_id: UUID, ground: str, actor: Actor, now: datetime) -> UUID:
    """
    Set a legal hold on a note that the actor's State was sent; return the hold's id.

    The State that sent it decides about its case, and not about what was given to another.

    :raises NotVisible: if the actor does not read the circle, or it is no note to their State.
    :raises Refused: `step-up-needed`, `hold-stands`, `id-reused`.
    """
    asked = digest_of(circle, ground)
    known = _known(actor, client_id, asked)
    if known:
        return known.id
    require_proof(actor, now)
    found = queries.circle_for(actor, circle)
    # The State that sent it holds its case. Whether the other one is in that case by now is not
    # asked: it would be told to people who are not.
    if found.kind != Circle.Kind.NOTE or actor.state == found.opener.state_id:
        raise NotVisible
    queries.hold_case(found.case_id)
    queries.hold([circle])
    queries.circle_for(actor, circle)  # whoever waited finds what was deleted meanwhile gone
    if keeping.standing().filter(circle=circle, state=actor.state).exists():
        raise Refused("hold-stands")
    row = _place(
        case=found.case,
        circle=circle,
        states=queries.states_of([circle])[circle],
        ground=ground,
        client_id=client_id,
        request_digest=asked,
        actor=actor,
        now=now,
    )
    notify.people_changed(queries.readers_of([circle]).get(circle, set()), [])
    return row.id


@transaction.atomic
def ask_lift(*, hold: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Say first, for the State that set a hold, that it may be lifted; return its id.

    :raises NotVisible: if there is no such hold of the actor's State that they are told of.
    :raises Refused: `step-up-needed`; `hold-over` if it was lifted, `lift-asked` while somebody's
        word waits already.
    """
    require_proof(actor, now)
    row = _held(hold, actor)
    if row.lifted_at is not None:
        raise Refused("hold-over")
    if policies.is_pending(row.lift_asked_at, now=now):
        raise Refused("lift-asked")
    row.lift_asker_id, row.lift_asked_at = UUID(actor.id), now
    event = HoldLiftAsked(
        states=(row.state,),
        held=str(row.circle_id or row.case_id),
        hold=str(row.id),
        digest=keeping.digest_of_lift(row),
    )
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save()
    return row.id


@transaction.atomic
def agree_to_lift(*, hold: UUID, digest: str, actor: Actor, now: datetime) -> UUID:
    """
    Say second that a hold of one's own State may be lifted: it ends; return its id.

    Nothing is deleted before `limits.NOTICE` has passed. Until then another State may set a hold of
    its own on a case, and the same one may set another on a note.

    :raises NotVisible: if there is no such hold of the actor's State that they are told of.
    :raises Refused: `step-up-needed`, `hold-over`; `second-own`, `second-over`, `second-changed`,
        `second-hand-stopped`.
    """
    require_proof(actor, now)
    row = _held(hold, actor)
    case = row.case
    if row.lifted_at is not None:
        raise Refused("hold-over")
    if row.lift_asker_id is None or row.lift_asked_at is None:
        raise Refused("second-over")
    hold_hands(row.state, [row.lift_asker_id])
    in_force = directory.people_with([row.lift_asker_id], roles=frozenset({"coordinator"}))
    require(
        policies.why_not_second(
            pending=policies.is_pending(row.lift_asked_at, now=now),
            own=str(row.lift_asker_id) == actor.id,
            stopped=keeping.is_stopped_since(row.state, row.lift_asker_id, row.lift_asked_at),
            stands=row.lift_asker_id in in_force,
            digest=keeping.digest_of_lift(row),
            seen=digest,
        )
    )
    states = (
        tuple(case.state_set)
        if row.circle_id is None
        else queries.states_of([row.circle_id])[row.circle_id]
    )
    event = HoldLifted(
        states=states, held=str(row.circle_id or case.id), hold=str(row.id), digest=digest
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    row.lifter_id, row.lifted_at, row.audit_event_id = UUID(actor.id), now, act
    row.save()
    if row.circle_id is None:
        case.not_before = max(case.not_before or now, now + limits.NOTICE)
        case.audit_event_id = act
        case.save(update_fields=["not_before", "audit_event_id"])
        tell_case(case)
    else:
        notify.people_changed(queries.readers_of([row.circle_id]).get(row.circle_id, set()), [])
    return row.id


@transaction.atomic
def refuse_lift(*, hold: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Say no to lifting a hold of one's own State, or take one's own word back; return its id.

    :raises NotVisible: if there is no such hold of the actor's State that they are told of.
    :raises Refused: `second-over` if nobody's word waits.
    """
    row = _held(hold, actor)
    if row.lifted_at is not None or row.lift_asked_at is None:
        raise Refused("second-over")
    row.lift_asker_id = row.lift_asked_at = None
    event = HoldLiftRefused(
        states=(row.state,), held=str(row.circle_id or row.case_id), hold=str(row.id)
    )
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save()
    return row.id


def _held(hold: UUID, actor: Actor) -> Hold:
    """Return a hold of the actor's State, its case held."""
    found = keeping.holds_of(actor).filter(id=hold).first()
    if found is None:
        raise NotVisible
    queries.hold_case(found.case_id)
    # Looked up again: who waited for the case sees what was decided meanwhile.
    return Hold.objects.select_related("case").get(id=hold)
