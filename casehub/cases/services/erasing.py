"""The end of a period: what was said in a case is destroyed, and that it was is written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

import audit.services
from casehub.core.errors import Refused, require

from .. import notify, policies, queries
from ..events import CaseErased, CircleErased
from ..models import Case, Circle, Erasure, Reader
from ..queries import dues, keeping

_OWN_EVENT = frozenset({Circle.Kind.DRAFTING, Circle.Kind.NOTE})  # not all States know of them


@transaction.atomic
def erase_case(*, case: UUID, now: datetime) -> int:
    """
    Destroy what was said in a case whose period is over; return in how many circles that was.

    Threads, title, drafts and notes of it: ciphertext, keys' envelopes, files, versions. What
    stays is that there were such, who was in, and the log. A note that the State which was sent it
    holds is left until `limits.NOTICE` after that hold ends. Files' pieces follow by the round, by
    rows that say so.

    Nobody's act: its event has no actor. The case and its circles are held as by whoever sets a
    hold, so of the two that come at once one finds the other's row.

    :raises Refused: `deletion-not-due`, `case-held`, `state-stopped`; `log-stalled` while the log
        cannot take it: what it does not say does not happen.
    """
    queries.hold_case(case)
    found = Case.objects.get(id=case)
    require(
        policies.why_not_erase(
            due=dues.due_of(found),
            held=keeping.standing().filter(case=found, circle=None).exists(),
            away=keeping.away_among(found.state_set, now=now),
            now=now,
        )
    )
    left = list(found.circles.filter(erasure=None).order_by("id"))
    queries.hold([circle.id for circle in left])
    kept = keeping.kept_among([circle.id for circle in left], now=now)
    gone = [circle for circle in left if circle.id not in kept]
    if not gone:
        raise Refused("case-held")
    states = queries.states_of([circle.id for circle in gone])
    acts = _record(found, gone, states, now)
    for erase in settings.CASEHUB_ERASERS:
        import_string(erase)(circles=[circle.id for circle in gone], now=now)
    Erasure.objects.bulk_create(
        Erasure(circle=circle, retention=found.retention, at=now, act=acts[circle.id])
        for circle in gone
    )
    readers = Reader.objects.filter(circle__in=gone, until=None)
    told = set(readers.values_list("person_id", flat=True))
    told |= set(found.members.filter(removed_at=None).values_list("person_id", flat=True))
    for circle in gone:
        readers.filter(circle=circle).update(until=now, act=acts[circle.id])
    notify.people_changed(told, [circle.id for circle in gone])
    return len(gone)


def _record(
    case: Case, gone: list[Circle], states: dict[UUID, tuple[str, ...]], now: datetime
) -> dict[UUID, int]:
    """Write the case's event, and one for each draft and note; return each circle's."""
    shared = [circle for circle in gone if circle.kind not in _OWN_EVENT]
    acts: dict[UUID, int] = {}
    if shared:
        event = CaseErased(
            states=tuple(case.state_set),
            case=str(case.id),
            retention=case.retention,
            circles=tuple(str(circle.id) for circle in shared),
        )
        act = audit.services.record(event, actor="", at=now)
        acts |= dict.fromkeys((circle.id for circle in shared), act)
        case.erased_at, case.audit_event_id = now, act
        case.save(update_fields=["erased_at", "audit_event_id"])
    for circle in gone:
        if circle.kind in _OWN_EVENT:
            own = CircleErased(
                states=states[circle.id], circle=str(circle.id), retention=case.retention
            )
            acts[circle.id] = audit.services.record(own, actor="", at=now)
    return acts
