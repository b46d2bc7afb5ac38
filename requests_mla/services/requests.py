"""Beginning requests, and looking into them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.cases import circles
from casehub.cases import queries as cases
from casehub.cases.models import Circle
from casehub.cases.queries.keeping import require_open
from casehub.cases.waiting import require_effective
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.retries import digest_of, require_same

from .. import notify, policies, queries
from ..errors import DisclosedRefused
from ..events import RequestOpened, RequestRead
from ..models import Request
from ..screening import vocabulary
from ..states import Stage


@transaction.atomic
def open_request(
    *,
    client_id: UUID,
    case: UUID,
    people: Sequence[UUID],
    requested_state: str,
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Begin a request in a case, with a drafting circle of `people` and the actor; return its id.

    It is an idea until its first version is saved.

    :raises NotVisible: if the actor is not in the case, or one of `people` is not.
    :raises DisclosedRefused: if `requested_state` is not another State of the rulebook.
    :raises Refused: `draft-own-state`, `person-unknown`, `person-limited`, `case-closed`,
        `id-reused`.
    """
    asked = digest_of(case, requested_state, *sorted(map(str, people)))
    # In this order: who sees the circle of a first try that commits just now, sees its request too.
    used = cases.has_opened(UUID(actor.id), client_id)
    known = Request.objects.filter(drafter_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.id
    if used:
        raise Refused("id-reused")
    found = cases.case_for(actor, case, lock=True)
    require_open(found)
    readers = sorted({UUID(actor.id), *people})
    for candidate in queries.candidates_in(found, readers, actor=actor):
        require(policies.why_not_enter(candidate))
    require_effective(found, readers, now=now)
    disclosed = {
        "requesting_state": actor.state,
        "requested_state": requested_state,
        "law_date": now.date().isoformat(),
        "measures": [],
        "instruments": [],
        "urgency": "",
        "deadline": "",
    }
    flaws = policies.flaws_of(disclosed, known=vocabulary(), requesting_state=actor.state)
    if flaws:
        raise DisclosedRefused(flaws)
    request, circle = uuid4(), uuid4()
    event = RequestOpened(
        states=(actor.state,),
        request=str(request),
        case=str(found.id),
        circle=str(circle),
        people=tuple(map(str, readers)),
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    placed = circles.place(
        circle=circle,
        case=found,
        kind=Circle.Kind.DRAFTING,
        opener=UUID(actor.id),
        people=readers,
        client_id=client_id,
        request_digest=asked,
        act=act,
        now=now,
    )
    Request.objects.create(
        id=request,
        case=found,
        circle=placed,
        drafter_id=actor.id,
        requesting_state=actor.state,
        requested_state=requested_state,
        stage=Stage.IDEA.value,
        disclosed=disclosed,
        opened_at=now,
        client_id=client_id,
        request_digest=asked,
        audit_event_id=act,
    )
    notify.request_changed(request, readers)
    return request


@transaction.atomic
def read_request(*, request_id: UUID, actor: Actor, now: datetime) -> None:
    """
    Log that `actor` looks into a request, before they see it.

    :raises NotVisible: if they do not read its draft.
    """
    found = queries.request_for(actor, request_id)
    event = RequestRead(states=(found.requesting_state,), request=str(found.id))
    audit.services.record(event, actor=actor.id, at=now)
