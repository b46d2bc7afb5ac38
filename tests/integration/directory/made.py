"""What the matrix of permissions finds in the directory, and the bodies of its acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from casehub.directory import services
from casehub.directory.models import Competence
from tests.factories import Region, Someone

HOURS = {"zone": "America/Managua", "days": [1, 2], "opens": "08:00", "closes": "16:00"}
CONTACT = {"phone": "+505 2200 0000", "note": "De noche, llamar", "duty": True}
OFFICE = {"kind": "central", "name": "Autoridad central", "telephone": "+505 2200 0000"}
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "directory.card.open": lambda _: {},
    "directory.page.print": lambda _: {},
    "directory.hours.change": lambda _: HOURS,
    "directory.contact.give": lambda _: CONTACT,
    "directory.contact.change": lambda _: CONTACT,
    "directory.contact.open": lambda _: {"case": None},
    "directory.office.enter": lambda _: OFFICE,
    "directory.office.change": lambda _: OFFICE,
    "directory.competence.enter": lambda _: {
        "instrument": "",
        "since": "2020-01-31",
        "source": "Nota",
        "confidence": "low",
    },
    "directory.competence.end": lambda _: {"until": "2040-01-31"},
}


def made_for(region: Region, guest: Someone) -> tuple[str, str]:
    """Make `guest` reachable; return their State's office and what it is central authority for."""
    coordinator = region.seat(guest.state).coordinator
    acting = {"actor": coordinator.actor, "now": region.now}
    told = {"phone": "+503 2200 0000", "note": "", "duty": False}
    services.change_contact(person=guest.id, **told, **acting)
    office = region.seat(guest.state).office.id
    known = Competence.objects.filter(office=office).first()  # an office is an authority once
    entered = known.id if known else enter(office, region, acting)
    return str(office), str(entered)


def enter(office: UUID, region: Region, acting: dict[str, Any]) -> UUID:
    """Let a coordinator enter what an office is central authority for."""
    return services.enter_competence(
        office=office,
        instrument="",
        since=region.now.date(),
        source="Nota",
        confidence="high",
        **acting,
    )
