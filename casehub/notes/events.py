"""What first-line information leaves in the log: which States, whom, when; never the case."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class NoteSent(Event):
    """Focal points of a State were given first-line information, by somebody of another one."""

    kind = "notes.note.sent"
    subject_field = "first_line"
    first_line: str
    circle: str
    state: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteAcknowledged(Event):
    """A focal point acknowledged receipt of it for their State."""

    kind = "notes.note.acknowledged"
    subject_field = "first_line"
    first_line: str


@dataclass(frozen=True, slots=True)
class NoteDeclined(Event):
    """A focal point declined it for their State, by a reason's code; in words only readers know."""

    kind = "notes.note.declined"
    goes_on = True
    subject_field = "first_line"
    first_line: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoteJoined(Event):
    """The State that was told has a case of it now: which one is its own to know."""

    kind = "notes.note.joined"
    subject_field = "first_line"
    first_line: str


@dataclass(frozen=True, slots=True)
class NoteUsed(Event):
    """The State that was told said that the information was used."""

    kind = "notes.note.used"
    subject_field = "first_line"
    first_line: str


@dataclass(frozen=True, slots=True)
class NoteLed(Event):
    """The State that was told said that the information led to a request."""

    kind = "notes.note.led"
    subject_field = "first_line"
    first_line: str
