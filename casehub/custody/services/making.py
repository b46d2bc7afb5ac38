"""That an export was made: its digests, before anybody has it in hand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor
from casehub.core.doorbell import tell
from casehub.core.errors import require
from casehub.directory import queries as directory

from .. import policies, queries
from ..events import ExportMade
from ..models import Export


@transaction.atomic
def make_export(*, export: UUID, bundle: str, pdf: str, actor: Actor, now: datetime) -> UUID:
    """
    Note that it was made, with what digests; the thread's readers are told that it was.

    The same digests again are answered as the first time.

    :raises NotVisible: if it is not the actor's own, of a thread that they read.
    :raises Refused: `step-up-needed`; `export-unconsented`, `export-hand-stopped`, `export-over`.
    """
    row = queries.own(actor, export, lock=True)
    if row.made_at is not None and (row.bundle, row.pdf) == (bundle, pdf):
        return row.id
    require_fresh(actor, now)
    require(policies.why_not_make(step=queries.step_of(row, now=now), stands=_stands(row)))
    row.made_at, row.bundle, row.pdf, row.box, row.keys = now, bundle, pdf, b"", []
    event = ExportMade(
        states=tuple(row.states.split(",")),
        export=str(row.id),
        thread=str(row.circle_id),
        wish=row.wish,
        bundle=bundle,
        pdf=pdf,
    )
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save()
    tell(queries.told_of(row), "export", row.id)
    return row.id


def _stands(row: Export) -> bool:
    """Say whether whoever consented could still do so."""
    if row.consenter_id is None:
        return True
    return row.consenter_id in directory.people_with([row.consenter_id], roles=policies.MAY_CONSENT)
