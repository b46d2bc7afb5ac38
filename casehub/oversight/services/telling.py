"""
Telling somebody that auditors know their name: after thirty days, unless a court lets them wait.

Nothing has to run for it: what is due is shown to the person at their next sign-in, however late.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.calendars.zones import midnight
from casehub.core.actor import Actor
from casehub.core.errors import require

from .. import limits, policies
from ..events import DeferralAgreed, DeferralAsked, DeferralRefused, UnmaskingTold
from ..models import Deferral, DeferralDecision, UnmaskingNotice
from ..queries import telling
from ..queries.wishes import stage_of


@transaction.atomic
def ask_deferral(
    *,
    unmasking: UUID,
    ground: str,
    reference: str,
    until: date,
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Ask to tell the person of an agreed unmasking only on the day `until`; return the wish's id.

    :raises NotVisible: if there is no agreed unmasking of this id in the actor's State.
    :raises Refused: `step-up-needed`; `unmasking-ground`; `unmasking-own` if the actor is that
        person; `deferral-late` if they may have been told; `deferral-period`.
    """
    require_fresh(actor, now)
    row, person = telling.agreed_for(actor, unmasking)
    at = midnight(until, row.state)
    require(
        policies.why_not_defer(
            ground=ground,
            reference=reference,
            until=at,
            due=telling.due_at(row),
            own=person == actor.id,
            now=now,
        )
    )
    wish = Deferral(
        unmasking=row,
        asker_id=actor.id,
        asked_at=now,
        open_until=now + limits.ASK_LASTS,
        until=at,
    )
    event = DeferralAsked(
        states=(actor.state,),
        unmasking=str(row.id),
        deferral=str(wish.id),
        ground=ground,
        reference=reference,
        until=until.isoformat(),
    )
    wish.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    wish.save(force_insert=True)
    return wish.id


@transaction.atomic
def agree_to_deferral(*, deferral: UUID, digest: str, actor: Actor, now: datetime) -> UUID:
    """
    Let the person be told on the later day; `digest` names what was shown of the wish.

    :raises NotVisible: if there is no such wish in the actor's State.
    :raises Refused: `step-up-needed`; `second-person-needed`; `unmasking-closed`; `deferral-late`;
        `payload-changed`.
    """
    require_fresh(actor, now)
    wish = _open(deferral, actor, now)
    require(policies.why_not_seen(digest=telling.digest_of_deferral(wish), seen=digest))
    event = DeferralAgreed(
        states=(actor.state,),
        unmasking=str(wish.unmasking_id),
        deferral=str(wish.id),
        digest=digest,
    )
    DeferralDecision.objects.create(
        deferral=wish,
        decider_id=actor.id,
        agreed=True,
        decided_at=now,
        until=wish.until,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return wish.id


@transaction.atomic
def refuse_deferral(*, deferral: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Leave the day as it is: refusing asks for no fresh proof.

    :raises NotVisible: if there is no such wish in the actor's State.
    :raises Refused: `second-person-needed`; `unmasking-closed`; `deferral-late`.
    """
    wish = _open(deferral, actor, now)
    event = DeferralRefused(
        states=(actor.state,), unmasking=str(wish.unmasking_id), deferral=str(wish.id)
    )
    DeferralDecision.objects.create(
        deferral=wish,
        decider_id=actor.id,
        agreed=False,
        decided_at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return wish.id


def _open(deferral: UUID, actor: Actor, now: datetime) -> Deferral:
    """Return a wish, held, that the actor may answer."""
    wish, person = telling.deferral_for(actor, deferral)
    require(
        policies.why_not_decide_deferral(
            stage=stage_of(wish, now=now),
            own=actor.id in {str(wish.asker_id), person},
            due=telling.due_at(wish.unmasking),
            now=now,
        )
    )
    return wish


@transaction.atomic
def confirm_notice(*, unmasking: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Record that the actor has read that auditors know their name; once is enough.

    :raises NotVisible: if it is not about the actor, or not due yet.
    """
    row = telling.notice_for(actor, unmasking, now=now)
    if not hasattr(row, "notice"):
        event = UnmaskingTold(states=(actor.state,), unmasking=str(row.id))
        UnmaskingNotice.objects.create(
            unmasking=row,
            told_at=now,
            audit_event_id=audit.services.record(event, actor=actor.id, at=now),
        )
    return row.id
