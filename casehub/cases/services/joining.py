"""Opening a case to one more State: proposed, consented to, accepted, by three persons."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused, require
from casehub.core.retries import digest_of, require_same
from casehub.directory import queries as directory
from casehub.directory.services import hold_hands

from .. import policies, queries
from ..events import (
    StateAccepted,
    StateConsented,
    StateObjected,
    StateRefused,
    StateWithdrawn,
)
from ..models import Case, Joining
from ..policies import Step
from ..proposing import proposal, require_proof, tell
from ..queries.keeping import require_open
from ..waiting import fresh_among, require_confirmed


@transaction.atomic
def propose_state(
    *, case: UUID, client_id: UUID, state: str, urgent: bool, actor: Actor, now: datetime
) -> UUID:
    """
    Propose to open a case of one's own State to another one; return the case's id.

    :raises NotVisible: if the actor is not in the case.
    :raises Refused: `step-up-needed`; `joining-not-yours` if it is another State's;
        `unknown-state`; `state-in-already` if it is in, or asked already; `directory-unconfirmed`,
        `state-unconfirmed`; `case-closed`, `id-reused`.
    """
    asked = digest_of(case, state, urgent)
    known = Joining.objects.filter(proposer_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.case_id
    require_proof(actor, now)
    found = queries.case_for(actor, case, lock=True)
    require_open(found)
    require(
        policies.why_not_propose(
            actor=actor,
            owner=found.state,
            state=state,
            known=directory.state_codes(),
            taken=found.state_set | queries.asked_states(found, now=now),
        )
    )
    require_confirmed({*found.state_set, state}, own=actor.state, now=now)
    row, event = proposal(
        found,
        state,
        urgent=urgent,
        client_id=client_id,
        request_digest=asked,
        actor=actor,
        now=now,
    )
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save(force_insert=True)
    tell(row)
    return found.id


@transaction.atomic
def consent_to_joining(*, joining: UUID, digest: str, actor: Actor, now: datetime) -> UUID:
    """
    Consent for the owner State to the proposal that `digest` names; the State that is asked hears.

    :raises NotVisible: if there is no such proposal of the actor's State.
    :raises Refused: `joining-own`, `joining-over`, `joining-changed`; `joining-hand-stopped` if
        whoever proposed it, or the State, was stopped since; `case-closed`; `hand-limited`, with
        the moment, for somebody for whom other States have to wait themselves.
    """
    row, case, step = _held(queries.own_joinings(actor), joining, hands=True, now=now)
    require_open(case)
    require(
        policies.why_not_consent(
            step=step,
            own=str(row.proposer_id) == actor.id,
            stands=_stands(row, case),
            digest=queries.digest_of_joining(row),
            seen=digest,
        )
    )
    _require_settled(actor, now)
    row.consenter_id, row.consented_at = UUID(actor.id), now
    row.objections_until = policies.objections_until(
        owner=case.state, joined=case.state_set, urgent=row.urgent, now=now
    )
    event = StateConsented(
        states=_concerned(row, case),
        case=str(case.id),
        joining=str(row.id),
        state=row.state,
        digest=digest,
    )
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save()
    tell(row)
    return row.id


@transaction.atomic
def accept_joining(*, joining: UUID, digest: str, actor: Actor, now: datetime) -> UUID:
    """
    Accept for the State that is asked what `digest` names: from now on it takes part in the case.

    Nobody of it is in by that: members of the case add them.

    :raises NotVisible: if no proposal that was consented to asks the actor's State.
    :raises Refused: `joining-own`; `joining-hand-stopped` if whoever proposed it or consented,
        or the owner State, was stopped since; `joining-over`, also if one of them could not do so
        any more; `joining-changed`; `joining-window`, with the moment until when others may object;
        `case-closed`; `directory-unconfirmed`, `state-unconfirmed`; `hand-limited` while the actor
        has to wait for what several States read, `person-limited` while somebody in it has to.
    """
    row, case, step = _held(queries.joinings_asking(actor), joining, hands=True, now=now)
    require_open(case)
    until = row.objections_until
    why = policies.why_not_accept(
        step=step,
        actor=actor,
        hands={str(row.proposer_id), str(row.consenter_id)},
        stand=_stands(row, case) and _consents(row),
        digest=queries.digest_of_joining(row),
        seen=digest,
        stopped=any(
            one is not None and (one.stopped or one.state_stopped)
            for one in (row.proposer, row.consenter)
        ),
        until=until,
        now=now,
    )
    if why == "joining-window" and until is not None:
        raise Refused(why, until=until)
    require(why)
    _require_settled(actor, now)
    # Again: the date may have come while the proposal waited.
    require_confirmed({*case.state_set, row.state}, own=actor.state, now=now)
    members = case.members.filter(removed_at=None).values_list("person_id", flat=True)
    fresh = fresh_among(members, now=now)
    if fresh:
        raise Refused("person-limited", until=max(fresh.values()))
    row.accepter_id, row.accepted_at = UUID(actor.id), now
    event = StateAccepted(
        states=_concerned(row, case),
        case=str(case.id),
        joining=str(row.id),
        state=row.state,
        digest=digest,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    row.audit_event_id = case.audit_event_id = act
    case.states = ",".join(sorted({*case.state_set, row.state}))
    case.save(update_fields=["states", "audit_event_id"])
    row.save()
    tell(row)
    return row.id


@transaction.atomic
def refuse_joining(*, joining: UUID, reason: str, actor: Actor, now: datetime) -> UUID:
    """
    Refuse: as the owner State's coordination, until it is accepted, or as the State that is asked.

    :raises NotVisible: if there is no such proposal of, or asking, the actor's State.
    :raises Refused: `joining-over`.
    """
    row, case, step = _held(queries.joinings_before(actor), joining, now=now)
    require(policies.why_not_end(step=step))
    event = StateRefused(
        states=_concerned(row, case),
        case=str(case.id),
        joining=str(row.id),
        state=row.state,
        reason=reason,
    )
    return _end(row, Joining.Ended.REFUSED, event, reason=reason, actor=actor, now=now)


@transaction.atomic
def withdraw_joining(*, joining: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Take a proposal back, as anybody of the owner State who is in the case; return the case's id.

    :raises NotVisible: if the actor sees no such proposal in a case of theirs.
    :raises Refused: `joining-not-yours`, `joining-over`.
    """
    row, case, step = _held(queries.joinings_within(actor), joining, now=now)
    require(policies.why_not_withdraw(actor=actor, owner=case.state, step=step))
    event = StateWithdrawn(
        states=_concerned(row, case), case=str(case.id), joining=str(row.id), state=row.state
    )
    _end(row, Joining.Ended.WITHDRAWN, event, actor=actor, now=now)
    return case.id


@transaction.atomic
def object_to_joining(*, joining: UUID, reason: str, actor: Actor, now: datetime) -> UUID:
    """
    Object, as a State that is in the case, while the window is open; return the case's id.

    :raises NotVisible: if the actor sees no such proposal in a case of theirs.
    :raises Refused: `joining-not-yours` for the owner State; `joining-over`.
    """
    row, case, step = _held(queries.joinings_within(actor), joining, now=now)
    require(
        policies.why_not_object(
            actor=actor, owner=case.state, step=step, until=row.objections_until, now=now
        )
    )
    event = StateObjected(
        states=_concerned(row, case),
        case=str(case.id),
        joining=str(row.id),
        state=row.state,
        reason=reason,
    )
    _end(row, Joining.Ended.OBJECTED, event, reason=reason, actor=actor, now=now)
    return case.id


def _held(
    rows: QuerySet[Joining], joining: UUID, *, hands: bool = False, now: datetime
) -> tuple[Joining, Case, Step]:
    """
    Return one of `rows`, its case, held, and what it waits for.

    With `hands` those who gave theirs are held, too: a stop beside this comes before, or after.
    """
    found = rows.filter(id=joining).first()
    if found is None:
        raise NotVisible
    queries.hold_case(found.case_id)
    # Looked up again: who waited for the case sees what was decided meanwhile.
    row = rows.filter(id=joining).select_related("case").first()
    if row is None:
        raise NotVisible
    if hands:
        given = [one for one in (row.proposer_id, row.consenter_id) if one is not None]
        hold_hands(row.case.state, given)
    return row, row.case, queries.step_of(row, now=now)


def _require_settled(actor: Actor, now: datetime) -> None:
    """Pass only the hand of somebody for whom other States have to wait no more."""
    waits = fresh_among([UUID(actor.id)], now=now)
    if waits:
        raise Refused("hand-limited", until=max(waits.values()))


def _stands(row: Joining, case: Case) -> bool:
    """Say whether whoever proposed it is in force and still in the case."""
    person = row.proposer_id
    in_force = directory.people_with([person], roles=policies.MAY_READ)
    return person in in_force and queries.member(case, person) is not None


def _consents(row: Joining) -> bool:
    """Say whether whoever consented to it could still do so, their State's stop included."""
    consenter = row.consenter_id
    if consenter is None:
        return False
    return consenter in directory.people_with([consenter], roles=policies.MAY_CONSENT)


def _concerned(row: Joining, case: Case) -> tuple[str, ...]:
    """Return the States that an act concerns: the owner's alone until its coordination consents."""
    if row.consented_at is None:
        return (case.state,)
    return tuple(sorted({*case.state_set, row.state}))


def _end(
    row: Joining,
    how: Joining.Ended,
    event: StateRefused | StateWithdrawn | StateObjected,
    *,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> UUID:
    row.ended, row.ended_at, row.reason = how, now, reason
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save()
    tell(row)
    return row.id
