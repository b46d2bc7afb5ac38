"""Erasing an event: what it said goes, that it happened stays."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from .. import marks
from ..events import EventErased
from ..models import AuditEvent, Concern, LogEntry
from .recording import record

LONGEST_PLACE = 64  # characters of a subject
_GROUND = re.compile(r"[\w .:;,()/§-]{3,64}")


class NotErasable(Exception):
    """There is nothing to erase, or no ground to do it on."""


@transaction.atomic
def erase(*, origin: str, position: int, ground: str, actor: str, now: datetime) -> None:
    """
    Take salt, payload and look-up columns from an event; its leaf and every proof stay.

    The erasure is an act itself: which entry, on which ground (a provision or a decision's number,
    no names), by whom.

    :raises NotErasable: if there is no such event, it was erased before, it is an erasure itself,
        or the ground is none.
    """
    if not _GROUND.fullmatch(ground):
        raise NotErasable("a ground names a provision or a decision, in 3 to 64 characters")
    entry = (
        LogEntry.objects.select_related("event")
        .filter(log__origin=origin, position=position)
        .first()
    )
    event = entry.event if entry is not None else None
    if event is None or event.salt is None:
        raise NotErasable("there is no such event, or it was erased before")
    if event.kind == EventErased.kind:
        raise NotErasable("an erasure stays: it accounts for what is gone")
    states = tuple(event.states.split(",")) if event.states else ()
    place = f"{origin}#{position}"
    if len(place) > LONGEST_PLACE:  # cut short, it would account for another entry
        raise NotErasable("the log's name is too long for an erasure to be recorded")
    AuditEvent.objects.filter(id=event.id).update(
        kind="", actor="", subject="", states="", salt=None, payload=None
    )
    # The event stands in the directory's log too, perhaps; its auditors found it by the other.
    places = LogEntry.objects.filter(event_id=event.id).values("id")
    Concern.objects.filter(entry_id__in=places).update(
        kind=marks.NONE, actor=marks.NONE, subject=marks.NONE
    )
    erased = EventErased(states=states, entry=place, ground=ground)
    record(erased, actor=actor, at=now)
