"""What focal points of the State that was told say of a note."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from audit.events import Event
from casehub.cases import notify
from casehub.cases import queries as cases
from casehub.core.actor import Actor
from casehub.core.errors import require

from .. import policies, queries
from ..events import NoteAcknowledged, NoteDeclined, NoteJoined, NoteLed, NoteUsed
from ..models import Note


def _held(note: UUID, act: policies.Act, actor: Actor) -> Note:
    """Return a note, held, of which `actor` may do `act`."""
    found = queries.note_for(actor, note, lock=True)
    came = queries.came_of(found)
    require(policies.why_not_act(act, own=actor.state, state=found.state, came=came))
    return found


def _write(note: Note, event: Event, *, actor: Actor, now: datetime) -> None:
    """Write down what was said of a note, with its event, and ring for whoever reads it."""
    note.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    note.save()
    readers = cases.readers_of([note.circle_id])
    notify.people_changed(readers.get(note.circle_id, set()), [])


@transaction.atomic
def acknowledge_note(*, note: UUID, actor: Actor, now: datetime) -> None:
    """
    Acknowledge receipt for one's State.

    :raises NotVisible: if the actor does not read the note.
    :raises Refused: `note-not-yours` if their State sent it; `note-over`, `note-done`.
    """
    found = _held(note, "acknowledge", actor)
    event = NoteAcknowledged(states=(found.sender_state, found.state), first_line=str(found.id))
    found.acknowledged_at = now
    _write(found, event, actor=actor, now=now)


@transaction.atomic
def decline_note(*, note: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """
    Decline it for one's State by a reason's code; in words it is said in the circle.

    :raises NotVisible: if the actor does not read the note.
    :raises Refused: `note-not-yours`; `note-over` if it was declined, or something came of it.
    """
    found = _held(note, "decline", actor)
    event = NoteDeclined(
        states=(found.sender_state, found.state), first_line=str(found.id), reason=reason
    )
    found.declined_at, found.reason = now, reason
    _write(found, event, actor=actor, now=now)


@transaction.atomic
def join_by_note(*, note: UUID, case: UUID, actor: Actor, now: datetime) -> None:
    """
    Say that one's State has a case of it now, which only its own people are told.

    :raises NotVisible: if the actor does not read the note, or is not in that case.
    :raises Refused: `note-not-yours`, `note-over`, `note-done`.
    """
    found = _held(note, "join", actor)
    found.joined_case = cases.case_for(actor, case)
    event = NoteJoined(states=(found.sender_state, found.state), first_line=str(found.id))
    found.joined_at = now
    _write(found, event, actor=actor, now=now)


@transaction.atomic
def use_note(*, note: UUID, actor: Actor, now: datetime) -> None:
    """
    Say that the information was used.

    :raises NotVisible: if the actor does not read the note.
    :raises Refused: `note-not-yours`, `note-over`, `note-done`.
    """
    found = _held(note, "use", actor)
    event = NoteUsed(states=(found.sender_state, found.state), first_line=str(found.id))
    found.used_at = now
    _write(found, event, actor=actor, now=now)


@transaction.atomic
def lead_by_note(*, note: UUID, actor: Actor, now: datetime) -> None:
    """
    Say that the information led to a request.

    :raises NotVisible: if the actor does not read the note.
    :raises Refused: `note-not-yours`, `note-over`, `note-done`.
    """
    found = _held(note, "lead", actor)
    event = NoteLed(states=(found.sender_state, found.state), first_line=str(found.id))
    found.led_at = now
    _write(found, event, actor=actor, now=now)
