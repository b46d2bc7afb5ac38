"""How long a case is kept: closed, reopened, kept longer by one hand, less long by two."""

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
from ..errors import StillUnderWay
from ..events import (
    CaseClosed,
    CaseReopened,
    RetentionChanged,
    RetentionShortened,
    ShorteningProposed,
    ShorteningRefused,
)
from ..models import Case, Shortening
from ..proposing import require_proof
from ..queries import elsewhere, keeping


def tell_case(case: Case) -> None:
    """Have a case looked up anew by everybody in it."""
    members = case.members.filter(removed_at=None).values_list("person_id", flat=True)
    notify.people_changed(members, [])


@transaction.atomic
def close_case(*, case: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Close a case of one's own State: nothing more is said in it, and its period begins.

    :raises NotVisible: if the actor is not in the case.
    :raises Refused: `step-up-needed`, `joining-not-yours`, `case-closed`.
    :raises StillUnderWay: while another State has something to do that was asked out of the case.
    """
    require_proof(actor, now)
    found = queries.case_for(actor, case, lock=True)
    # Whoever stores a message or moves a request holds its circle: what was accepted before is
    # before the closing.
    queries.hold(found.circles.values_list("id", flat=True))
    require(
        policies.why_not_close(actor=actor, owner=found.state, closed=found.closed_at is not None)
    )
    under_way = elsewhere.under_way([found.id]).get(found.id, [])
    # In a closed case nobody can go on with it, and what they have of it is deleted with the rest.
    if under_way:
        raise StillUnderWay(under_way)
    event = CaseClosed(states=tuple(found.state_set), case=str(found.id), retention=found.retention)
    found.closed_at = now
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["closed_at", "audit_event_id"])
    tell_case(found)
    return found.id


@transaction.atomic
def reopen_case(*, case: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Go on with a closed case of one's own State: no period runs, until it is closed again.

    :raises NotVisible: if the actor is not in the case.
    :raises Refused: `joining-not-yours`, `case-erased`, `case-open`.
    """
    found = queries.case_for(actor, case, lock=True)
    require(
        policies.why_not_reopen(
            actor=actor,
            owner=found.state,
            closed=found.closed_at is not None,
            erased=found.erased_at is not None,
        )
    )
    event = CaseReopened(states=tuple(found.state_set), case=str(found.id))
    found.closed_at = None
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["closed_at", "audit_event_id"])
    tell_case(found)
    return found.id


@transaction.atomic
def keep_longer(*, case: UUID, retention: str, actor: Actor, now: datetime) -> UUID:
    """
    Give a case of one's own State a class that keeps it longer: preserving takes one hand.

    :raises NotVisible: if the actor is not in the case.
    :raises Refused: `joining-not-yours`, `retention-unknown`, `case-erased`, `retention-same`;
        `retention-shorter` for what takes a second hand.
    """
    found = queries.case_for(actor, case, lock=True)
    was = found.retention
    _require_class(found, retention, actor, shorter=False)
    event = RetentionChanged(
        states=tuple(found.state_set), case=str(found.id), retention=retention, was=was
    )
    found.retention = retention
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["retention", "audit_event_id"])
    tell_case(found)
    return found.id


@transaction.atomic
def propose_shorter(
    *, case: UUID, client_id: UUID, retention: str, actor: Actor, now: datetime
) -> UUID:
    """
    Propose to the State's auditor to keep a case less long; return the proposal's id.

    :raises NotVisible: if the actor is not told of the case by their office.
    :raises Refused: `step-up-needed`, `joining-not-yours`, `retention-unknown`, `case-erased`,
        `retention-same`, `retention-longer`; `shortening-asked` while one waits; `id-reused`.
    """
    asked = digest_of(case, retention)
    known = Shortening.objects.filter(proposer_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.id
    require_proof(actor, now)
    queries.hold_case(case)
    found = keeping.office_case(actor, case)
    _require_class(found, retention, actor, shorter=True)
    last = found.shortenings.filter(answered_at=None).order_by("-proposed_at").first()
    if last is not None and policies.is_pending(last.proposed_at, now=now):
        raise Refused("shortening-asked")
    row = Shortening(
        case=found,
        was=found.retention,
        retention=retention,
        proposer_id=UUID(actor.id),
        proposed_at=now,
        client_id=client_id,
        request_digest=asked,
    )
    event = ShorteningProposed(
        states=(found.state,),
        case=str(found.id),
        shortening=str(row.id),
        retention=retention,
        was=row.was,
        digest=keeping.digest_of_shortening(row),
    )
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save(force_insert=True)
    return row.id


@transaction.atomic
def agree_to_shorter(*, shortening: UUID, digest: str, actor: Actor, now: datetime) -> UUID:
    """
    Agree, as the State's auditor, that a case is kept less long; return the case's id.

    Nothing is deleted before `limits.NOTICE` has passed: the other States may set a hold.

    :raises NotVisible: if no such proposal waits in the actor's State.
    :raises Refused: `step-up-needed`; `second-own`, `second-over`, `second-changed`,
        `second-hand-stopped`.
    """
    require_proof(actor, now)
    row, case = _held(shortening, actor)
    hold_hands(case.state, [row.proposer_id])
    at = row.proposed_at
    in_force = directory.people_with([row.proposer_id], roles=frozenset({"coordinator"}))
    require(
        policies.why_not_second(
            pending=row.answered_at is None
            and policies.is_pending(at, now=now)
            and case.erased_at is None
            and case.retention == row.was,
            own=str(row.proposer_id) == actor.id,
            stopped=keeping.is_stopped_since(case.state, row.proposer_id, at),
            stands=row.proposer_id in in_force,
            digest=keeping.digest_of_shortening(row),
            seen=digest,
        )
    )
    event = RetentionShortened(
        states=tuple(case.state_set),
        case=str(case.id),
        shortening=str(row.id),
        retention=row.retention,
        was=row.was,
        digest=digest,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    row.answerer_id, row.answered_at, row.agreed = UUID(actor.id), now, True
    row.audit_event_id = case.audit_event_id = act
    row.save()
    case.retention = row.retention
    case.not_before = max(case.not_before or now, now + limits.NOTICE)
    case.save(update_fields=["retention", "not_before", "audit_event_id"])
    tell_case(case)
    return case.id


@transaction.atomic
def refuse_shorter(*, shortening: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Refuse it, as the State's auditor, or take it back, as its coordination; return the case's id.

    :raises NotVisible: if no such proposal is the actor's State's.
    :raises Refused: `second-over`.
    """
    row, case = _held(shortening, actor)
    if row.answered_at is not None:
        raise Refused("second-over")
    event = ShorteningRefused(states=(case.state,), case=str(case.id), shortening=str(row.id))
    row.answerer_id, row.answered_at = UUID(actor.id), now
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save()
    return case.id


def _require_class(case: Case, retention: str, actor: Actor, *, shorter: bool) -> None:
    require(
        policies.why_not_reclass(
            actor=actor,
            owner=case.state,
            code=retention,
            was=case.retention,
            erased=case.erased_at is not None,
            shorter=shorter,
        )
    )


def _held(shortening: UUID, actor: Actor) -> tuple[Shortening, Case]:
    """Return a proposal and its case, held, once it is certain that `actor` is told of it."""
    rows = keeping.shortenings_of(actor)
    found = rows.filter(id=shortening).first()
    if found is None:
        raise NotVisible
    queries.hold_case(found.case_id)
    # Looked up again: who waited for the case sees what was decided meanwhile.
    row = Shortening.objects.select_related("case").get(id=shortening)
    return row, row.case
