"""Wishing to carry a part of a thread to a court."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor
from casehub.core.doorbell import tell
from casehub.core.errors import require
from casehub.core.frames import from_b64u
from casehub.core.retries import digest_of, require_same

from .. import limits, policies, queries
from ..events import ExportAsked
from ..models import Export
from ..statements import moment_of


@transaction.atomic
def ask_export(
    *,
    thread: UUID,
    client_id: UUID,
    first: int,
    last: int,
    wish: str,
    at: str,
    foreign: bool,
    box: str,
    keys: Sequence[dict[str, Any]],
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Note the wish, and return its id; it waits for the coordination if others wrote in the range.

    `foreign`: by the asker's own word it holds information of another State, as what was brought
    in from elsewhere does; that somebody of another State wrote there is seen here besides.

    `at`: when it was signed by the device's clock. Whoever reads the export refuses a wish that
    was dated otherwise than the log dates it, so here it is refused while it can be mended.

    :raises NotVisible: if the actor does not read the thread, or it is a draft.
    :raises Refused: `step-up-needed`; `not-started`; `export-range`, `export-long`; `export-unseen`
        if it takes a consent and is sealed to nobody; `export-clock`; `id-reused`.
    """
    asked = digest_of(thread, first, last, wish, foreign)
    known = Export.objects.filter(person_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.id
    require_fresh(actor, now)
    circle, head, messages, states = queries.range_of(actor, thread, first, last)
    require(policies.why_not_ask(first=first, last=last, head=head, messages=messages))
    needs = foreign or bool(set(states) - {actor.state})
    require(policies.why_not_sealed(foreign=needs, keys=len(keys)))
    require(policies.why_not_date(said_at=moment_of(at), now=now))
    concerned = tuple(sorted({actor.state, *states}))
    row = Export(
        circle=circle,
        person_id=UUID(actor.id),
        state=actor.state,
        states=",".join(concerned),
        first=first,
        last=last,
        messages=messages,
        foreign=needs,
        wish=wish,
        box=from_b64u(box, most=limits.MOST_BOX) if needs else b"",
        keys=[{"device": str(one["device"]), "key": one["key"]} for one in keys] if needs else [],
        asked_at=now,
        lapses_at=policies.lapses(now),
        client_id=client_id,
        request_digest=asked,
    )
    event = ExportAsked(
        states=concerned,
        export=str(row.id),
        thread=str(thread),
        first=first,
        last=last,
        messages=messages,
        wish=wish,
        foreign=needs,
    )
    row.audit_event_id = row.asked_event = audit.services.record(event, actor=actor.id, at=now)
    row.save(force_insert=True)
    tell(queries.told_of(row), "export", row.id)
    return row.id
