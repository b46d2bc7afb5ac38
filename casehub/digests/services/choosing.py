"""What somebody chooses for themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

import audit.services
from casehub.accounts.sealing import seal
from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor
from casehub.core.errors import require

from .. import policies
from ..events import SettingChanged
from ..models import Digest
from ..queries import PURPOSE
from ..states import NEVER


@transaction.atomic
def change_setting(
    *,
    often: str,
    hour: int,
    zone: str,
    language: str,
    address: str,
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Keep how often the actor is told by e-mail, at which hour of which zone, where, in what words.

    The address is kept sealed, and not at all by whoever wants no e-mail. A fresh proof: whoever
    finds a page open would have somebody's counts sent to themselves.

    :raises Refused: `step-up-needed`, `digest-zone-unknown`, `digest-address-malformed`.
    """
    require_fresh(actor, now)
    require(policies.why_not_set(often=often, zone=zone, address=address))
    rows = Digest.objects.filter(person_id=actor.id)
    if connection.vendor != "sqlite":
        rows = rows.select_for_update()
    before = rows.first()
    kept = "" if often == NEVER else address
    event = SettingChanged(states=(actor.state,), person=actor.id, often=often)
    Digest.objects.update_or_create(
        person_id=actor.id,
        defaults={
            "often": often,
            "hour": hour,
            "zone": zone,
            "language": language,
            "sealed": seal(kept.encode(), purpose=PURPOSE, bound_to=actor.id) if kept else b"",
            "changed_at": now,
            "looked_on": policies.looked_after_change(
                hour=hour, zone=zone, before=before.looked_on if before else None, now=now
            ),
            "audit_event_id": audit.services.record(event, actor=actor.id, at=now),
        },
    )
    return UUID(actor.id)
