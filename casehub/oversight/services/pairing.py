"""What concerns two States, shown masked to two regional auditors: if both States let them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

import audit.services
from audit.queries import concerns
from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor
from casehub.core.errors import require
from casehub.directory import queries as directory

from .. import limits, policies, pseudonyms
from ..events import (
    PairConsentGiven,
    PairConsentWithdrawn,
    PairRead,
    PairViewAgreed,
    PairViewAsked,
    PairViewRefused,
)
from ..models import PairConsent, PairView, PairViewDecision
from ..queries import pairs
from ..queries.wishes import stage_of


@transaction.atomic
def give_pair_consent(*, other: str, actor: Actor, now: datetime) -> None:
    """
    Let regional auditors see, masked, what concerns the actor's State and another; once is enough.

    :raises Refused: `step-up-needed`; `unknown-state` if there is no such other State.
    """
    require_fresh(actor, now)
    pair = {"first": actor.state, "second": other}
    require(policies.why_not_pair(**pair, known=directory.state_codes(), consented=True))
    if pairs.consent_of(actor.state, other) is not None:
        return
    event = PairConsentGiven(states=pairs.sorted_pair(**pair), state=actor.state, other=other)
    PairConsent.objects.create(
        state=actor.state,
        other=other,
        given_at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )


@transaction.atomic
def withdraw_pair_consent(*, other: str, actor: Actor, now: datetime) -> None:
    """Take that back: no page is shown after this, whatever was agreed. It asks for no proof."""
    row = pairs.consent_of(actor.state, other, lock=True)
    if row is None:
        return
    states = pairs.sorted_pair(actor.state, other)
    event = PairConsentWithdrawn(states=states, state=actor.state, other=other)
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.withdrawn_at = now
    row.save(update_fields=["audit_event_id", "withdrawn_at"])


@transaction.atomic
def ask_pair_view(
    *,
    first: str,
    second: str,
    quarter: str,
    ground: str,
    reference: str,
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Ask to see a quarter's acts that concern two States; return the wish's id.

    :raises Refused: `step-up-needed`; `unknown-state`; `pair-consent` if one of the two does not
        let them; `unmasking-ground`; `bad-frame` if it is no quarter of the last two years.
    """
    require_fresh(actor, now)
    first, second = pairs.sorted_pair(first, second)
    _require_consent(first, second)
    require(
        policies.why_not_ask_pair(
            ground=ground,
            reference=reference,
            quarter=quarter,
            known=pseudonyms.back_from(now, limits.QUARTERS),
        )
    )
    row = PairView(
        first=first,
        second=second,
        quarter=quarter,
        asker_id=actor.id,
        asked_at=now,
        open_until=now + limits.ASK_LASTS,
    )
    event = PairViewAsked(
        states=(first, second),
        pair_view=str(row.id),
        quarter=quarter,
        ground=ground,
        reference=reference,
    )
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save(force_insert=True)
    return row.id


@transaction.atomic
def agree_to_pair_view(*, pair_view: UUID, digest: str, actor: Actor, now: datetime) -> UUID:
    """
    Let the asker and oneself see them for a day: what is in the log by now, and nothing later.

    `digest` names what was shown of the wish.

    :raises NotVisible: if there is no such wish.
    :raises Refused: `step-up-needed`; `second-person-needed`; `unmasking-closed`;
        `payload-changed`; `pair-consent`.
    """
    require_fresh(actor, now)
    row, said = _open(pair_view, actor, now)
    require(policies.why_not_seen(digest=pairs.digest_of_pair_view(row, said), seen=digest))
    _require_consent(row.first, row.second)
    event = PairViewAgreed(states=(row.first, row.second), pair_view=str(row.id), digest=digest)
    PairViewDecision.objects.create(
        pair_view=row,
        decider_id=actor.id,
        agreed=True,
        decided_at=now,
        until=now + limits.PAIR_LASTS,
        upto=concerns.newest(),
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return row.id


@transaction.atomic
def refuse_pair_view(*, pair_view: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Leave them unseen: refusing asks for no fresh proof.

    :raises NotVisible: if there is no such wish.
    :raises Refused: `second-person-needed`; `unmasking-closed`.
    """
    row, _ = _open(pair_view, actor, now)
    event = PairViewRefused(states=(row.first, row.second), pair_view=str(row.id))
    PairViewDecision.objects.create(
        pair_view=row,
        decider_id=actor.id,
        agreed=False,
        decided_at=now,
        upto=0,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return row.id


@transaction.atomic
def read_pair(*, pair: UUID, skip: int, actor: Actor, now: datetime) -> dict[str, Any]:
    """
    Record that the actor reads a page of a pair's acts, and return it.

    :raises NotVisible: if they neither asked for it nor agreed to it.
    :raises Refused: `unmasking-closed` if it has run out; `pair-consent` if a State withdrew.
    """
    row, _ = pairs.pair_view_for(pair)
    pairs.require_one_of_two(row, actor)
    require(policies.why_not_read_pair(stage=stage_of(row, now=now)))
    _require_consent(row.first, row.second)
    page = pairs.page_of(row, skip=skip)
    event = PairRead(
        states=(row.first, row.second),
        pair_view=str(row.id),
        skipped=skip,
        count=len(page["acts"]),
    )
    audit.services.record(event, actor=actor.id, at=now)
    return page


def _require_consent(first: str, second: str) -> None:
    require(
        policies.why_not_pair(
            first=first,
            second=second,
            known=directory.state_codes(),
            consented=pairs.consented(first, second),
        )
    )


def _open(pair_view: UUID, actor: Actor, now: datetime) -> tuple[PairView, dict[str, Any]]:
    """Return a wish, held, that the actor may answer, and what was asked."""
    row, said = pairs.pair_view_for(pair_view, lock=True)
    own = str(row.asker_id) == actor.id
    require(policies.why_not_decide(stage=stage_of(row, now=now), own=own))
    return row, said
