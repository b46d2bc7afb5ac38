"""Cards that are looked at or printed, and how people are reached outside the platform."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.accounts.sealing import seal
from casehub.core.actor import Actor
from casehub.directory import queries
from casehub.directory.events import CardOpened, ContactChanged, PagePrinted
from casehub.directory.models import Contact, ContactOpening, Person

from .changing import remember_entry


@transaction.atomic
def open_card(*, person: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Log that `actor` looks at a person's card, before they see it.

    :raises NotVisible: if they are told nothing of that person, or there is none such.
    """
    found = queries.person_for(actor, person)
    states = sorted({code for code in (actor.state, found.state_id) if code})
    event = CardOpened(states=tuple(states), person=str(found.id))
    audit.services.record(event, actor=actor.id, at=now)
    return found.id


@transaction.atomic
def print_page(*, actor: Actor, now: datetime) -> datetime:
    """Log that `actor` prints a page, and return when: paper goes where nothing follows it."""
    states = (actor.state,) if actor.state else ()
    audit.services.record(PagePrinted(states=states), actor=actor.id, at=now)
    return now


@transaction.atomic
def change_contact(
    *, person: UUID, phone: str, note: str, duty: bool, actor: Actor, now: datetime
) -> UUID:
    """
    Keep how somebody of the actor's State is reached, sealed; what was kept before is gone.

    `duty`: a coordinator lets other States' coordinators see it, without a case.

    :raises NotVisible: if they are of another State, or nobody.
    """
    found = queries.own_person(actor, person)
    plain = json.dumps({"phone": phone, "note": note}, ensure_ascii=False).encode()
    event = ContactChanged(states=(actor.state,), person=str(person))
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Contact.objects.update_or_create(
        person=found,
        defaults={
            "sealed": seal(plain, purpose="contact", bound_to=str(person)),
            "duty": duty,
            "changed_at": now,
            "audit_event_id": event_id,
        },
    )
    # That it changed, never what it was: a number somebody gave up is nobody's business.
    remember_entry(subject=person, what=event.kind, was={}, state=actor.state, by=actor.id, now=now)
    return person


def keep_opening(*, person: Person, by: str, case: UUID | None, event: int, now: datetime) -> None:
    """Keep for `person` who was shown their contact, under the event that says so."""
    ContactOpening.objects.create(person=person, by_id=by, case=case, at=now, audit_event_id=event)
