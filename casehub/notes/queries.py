"""Reading first-line information: what one sent, and what one's State was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from casehub.cases import queries as cases
from casehub.cases.queries import keeping
from casehub.core import roles
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

from . import policies
from .models import Note

ACKNOWLEDGES = frozenset(roles.row_of("notes.note.acknowledge").who)

Shape = dict[str, Any]
WHEN: dict[str, str] = {
    "sent": "sent_at",
    "acknowledged": "acknowledged_at",
    "declined": "declined_at",
    "joined": "joined_at",
    "used": "used_at",
    "led": "led_at",
}


def _visible(actor: Actor) -> QuerySet[Note]:
    return Note.objects.filter(circle__in=cases.circles_of(actor.id))


def note_for(actor: Actor, note: UUID, *, lock: bool = False) -> Note:
    """
    Return a note whose circle `actor` reads.

    :raises NotVisible: if there is none such, or they do not read it: one answer for both.
    """
    rows = _visible(actor).filter(id=note)
    if lock and connection.vendor != "sqlite":
        rows = rows.select_for_update()
    found = rows.first()
    if found is None:
        raise NotVisible
    return found


def came_of(note: Note) -> policies.Came:
    """Return what was done to a note so far."""
    return policies.Came(
        acknowledged=note.acknowledged_at is not None,
        declined=note.declined_at is not None,
        joined=note.joined_at is not None,
        used=note.used_at is not None,
        led=note.led_at is not None,
    )


def _shapes(actor: Actor, rows: Sequence[Note]) -> list[Shape]:
    """Return notes as `actor` may see them: of cases, only one of their State that they are in."""
    readers = cases.readers_of(note.circle_id for note in rows)
    held = {note.id: _case_of(note, actor) for note in rows}
    kept = keeping.circles_kept([note.circle_id for note in rows], actor)
    own = cases.cases_among(actor, filter(None, held.values()))
    return [
        {
            "id": note.id,
            "circle": note.circle_id,
            "case": held[note.id] if held[note.id] in own else None,
            "sender": note.sender_id,
            "sender_state": note.sender_state,
            "state": note.state,
            "people": sorted(readers.get(note.circle_id, set()), key=str),
            "step": policies.step_of(came_of(note)),
            "sent_at": note.sent_at,
            "acknowledged_at": note.acknowledged_at,
            "declined_at": note.declined_at,
            "reason": note.reason,
            "joined_at": note.joined_at,
            "used_at": note.used_at,
            "led_at": note.led_at,
            **kept[note.circle_id],
        }
        for note in rows
    ]


def _case_of(note: Note, actor: Actor) -> UUID | None:
    return note.case_id if actor.state == note.sender_state else note.joined_case_id


def notes_for(actor: Actor) -> list[Shape]:
    """Return what `actor` sent or received, newest first."""
    return _shapes(actor, list(_visible(actor).order_by("-sent_at", "id")))


def wanting(actor: Actor) -> int:
    """Return of how many notes to the actor's State the receipt waits to be acknowledged."""
    if not actor.roles_in_office & ACKNOWLEDGES:
        return 0
    untouched = dict.fromkeys(("acknowledged_at", "declined_at", "joined_at", "used_at", "led_at"))
    return _visible(actor).filter(state=actor.state, **untouched).count()


def shape_for(actor: Actor, note: UUID) -> Shape:
    """
    Return one note as `actor` may see it.

    :raises NotVisible: if they may not.
    """
    (found,) = _shapes(actor, [note_for(actor, note)])
    return found


def tally(since: datetime, until: datetime) -> dict[str, list[frozenset[str]]]:
    """
    Return which notes were sent in that time, and of which was said what: each as its two States.

    By when it was said, so that what is over is counted alike for good.
    """
    said = {}
    for step, field in WHEN.items():
        span = {f"{field}__gte": since, f"{field}__lt": until}
        rows = Note.objects.filter(**span).values_list("sender_state", "state")
        said[step] = [frozenset(states) for states in rows]
    return said
