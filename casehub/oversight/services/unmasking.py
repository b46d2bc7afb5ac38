"""Knowing who a pseudonym is: one auditor asks, another of the same State answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, require

from .. import limits, policies
from ..events import UnmaskingAgreed, UnmaskingAsked, UnmaskingRefused
from ..models import Unmasking, UnmaskingDecision
from ..queries import searching
from ..queries.unmaskings import digest_of_unmasking, unmasking_for, waiting_for
from ..queries.wishes import stage_of


@transaction.atomic
def ask_unmasking(*, person: str, ground: str, reference: str, actor: Actor, now: datetime) -> UUID:
    """
    Ask to know who a pseudonym is; return the wish's id. It waits 72 hours for an answer.

    A wish that waits already for the same pseudonym is answered like the first.

    :raises NotVisible: if nobody had this pseudonym in the last two years.
    :raises Refused: `step-up-needed`; `unmasking-ground`, `unmasking-own`; `unmasking-foreign`
        if the person is not of the actor's State.
    """
    require_fresh(actor, now)
    found = searching.person_behind(person, state=actor.state, now=now)
    if found is None:
        raise NotVisible
    who, quarter = found
    require(
        policies.why_not_ask(
            ground=ground,
            reference=reference,
            own_state=who.state_id == actor.state,
            own=str(who.id) == actor.id,
        )
    )
    known = waiting_for(who.id, quarter, actor=actor, now=now)
    if known is not None:
        row, said = known
        # The same once more is a retry. On another ground, or number, it would vanish unsaid.
        same = (said["ground"], said["reference"]) == (ground, reference)
        require(None if same else "unmasking-waits")
        return row.id
    row = Unmasking(
        state=actor.state,
        quarter=quarter,
        asker_id=actor.id,
        asked_at=now,
        open_until=now + limits.ASK_LASTS,
    )
    event = UnmaskingAsked(
        states=(actor.state,),
        unmasking=str(row.id),
        person=str(who.id),
        ground=ground,
        reference=reference,
    )
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save(force_insert=True)
    return row.id


@transaction.atomic
def agree_to_unmasking(*, unmasking: UUID, digest: str, actor: Actor, now: datetime) -> UUID:
    """
    Let the asker and oneself know who it is, for 24 hours; `digest` names what was shown.

    :raises NotVisible: if there is no such wish in the actor's State.
    :raises Refused: `step-up-needed`; `second-person-needed`; `unmasking-closed`;
        `payload-changed`.
    """
    require_fresh(actor, now)
    row, said = _open(unmasking, actor, now)
    require(policies.why_not_seen(digest=digest_of_unmasking(row, said), seen=digest))
    event = UnmaskingAgreed(
        states=(actor.state,), unmasking=str(row.id), person=said["person"], digest=digest
    )
    UnmaskingDecision.objects.create(
        unmasking=row,
        decider_id=actor.id,
        agreed=True,
        decided_at=now,
        until=now + limits.NAME_LASTS,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return row.id


@transaction.atomic
def refuse_unmasking(*, unmasking: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Leave the pseudonym as it is: refusing asks for no fresh proof.

    :raises NotVisible: if there is no such wish in the actor's State.
    :raises Refused: `second-person-needed`; `unmasking-closed`.
    """
    row, said = _open(unmasking, actor, now)
    event = UnmaskingRefused(states=(actor.state,), unmasking=str(row.id), person=said["person"])
    UnmaskingDecision.objects.create(
        unmasking=row,
        decider_id=actor.id,
        agreed=False,
        decided_at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return row.id


def _open(unmasking: UUID, actor: Actor, now: datetime) -> tuple[Unmasking, dict[str, Any]]:
    """Return a wish, held, that the actor may answer, and what was asked."""
    row, said = unmasking_for(actor, unmasking, lock=True)
    own = actor.id in {str(row.asker_id), said["person"]}
    require(policies.why_not_decide(stage=stage_of(row, now=now), own=own))
    return row, said
