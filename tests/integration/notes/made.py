"""First-line information, for tests that need some to be there."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from casehub.notes import services
from casehub.notes.models import Note
from tests.factories import Region, Someone


@dataclass
class Told:
    """A note that the owner's State received, and a focal point of the State that sent it."""

    note: str = field(default_factory=lambda: str(uuid4()))
    focal: str = field(default_factory=lambda: str(uuid4()))
    circle: str = field(default_factory=lambda: str(uuid4()))


#  acts, and the body that each wants
BODIES = {
    "notes.note.send": lambda o: {
        "client_id": str(uuid4()),
        "state": "GT",
        "people": [o.told.focal],
    },
    "notes.note.acknowledge": lambda _: {},
    "notes.note.decline": lambda _: {"reason": "other"},
    "notes.note.join": lambda o: {"case": str(o.case)},
    "notes.note.use": lambda _: {},
    "notes.note.lead": lambda _: {},
}


def note_to(region: Region, sender: Someone, *people: Someone, case: UUID | None = None) -> UUID:
    """Return a note of somebody to people of another State."""
    return services.send_note(
        case=case or region.case(sender),
        client_id=uuid4(),
        state=people[0].state,
        people=[one.id for one in people],
        actor=sender.actor,
        now=region.now,
    )


def told(region: Region, owner: Someone, guest: Someone) -> Told:
    """Have somebody of GT tell the owner and their colleague something."""
    sender = region.person("GT")
    note = note_to(region, sender, owner, guest)
    return Told(str(note), sender.person, str(circle_of(str(note))))


def circle_of(note: str) -> UUID:
    """Return the circle of a note."""
    found: UUID = Note.objects.get(id=note).circle_id
    return found
