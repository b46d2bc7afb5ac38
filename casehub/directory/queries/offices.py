"""Offices and central authorities; and the contacts that are sealed."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from casehub.accounts.sealing import unseal
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused
from casehub.directory import policies
from casehub.directory.models import Competence, Contact, Office, Person
from casehub.directory.policies import ABROAD, told

from .cards import changes_of, person_for

Shape = dict[str, Any]


def instruments() -> frozenset[str]:
    """Return the ids of the rulebook's instruments: it lives in a higher app, see the settings."""
    return frozenset(import_string(settings.CASEHUB_INSTRUMENTS_PROVIDER)())


def _told_to(actor: Actor) -> QuerySet[Office]:
    """Return the offices of States of whose people `actor` is told something."""
    if told(actor, ABROAD) != "nothing":
        return Office.objects.all()
    own = told(actor, actor.state) != "nothing"
    return Office.objects.filter(state_id=actor.state) if own else Office.objects.none()


def offices_for(actor: Actor) -> list[Shape]:
    """Return the offices that `actor` is told of, by State."""
    offices = list(_told_to(actor).order_by("state_id", "kind", "name", "id"))
    held: dict[UUID, list[Shape]] = {}
    rows = Competence.objects.filter(office__in=[one.id for one in offices])
    for row in rows.order_by("instrument", "since"):
        held.setdefault(row.office_id, []).append(
            {
                "id": row.id,
                "instrument": row.instrument,
                "since": row.since,
                "until": row.until,
                "source": row.source,
                "confidence": row.confidence,
            }
        )
    changes = changes_of(actor, [one.id for one in offices])
    return [
        {
            "id": one.id,
            "state": one.state_id or "",
            "kind": one.kind,
            "name": one.name,
            "telephone": one.telephone,
            "competences": held.get(one.id, []),
            "changes": changes.get(one.id, []),
        }
        for one in offices
    ]


def own_office(actor: Actor, office: UUID) -> Office:
    """
    Return an office of the actor's State.

    :raises NotVisible: if it is another's, or none.
    """
    found = Office.objects.filter(id=office, state_id=actor.state or None).first()
    if found is None or found.state_id is None:
        raise NotVisible
    return found


def own_competence(actor: Actor, competence: UUID) -> Competence:
    """
    Return what the actor's State has said of a central authority.

    :raises NotVisible: if it is another's, or nothing.
    """
    found = Competence.objects.filter(id=competence, state_id=actor.state).first()
    if found is None:
        raise NotVisible
    return found


def contact_for(actor: Actor, person: UUID, *, shared: bool) -> tuple[Person, Shape]:
    """
    Return a person and their private contact, opened. `shared`: both are in the case named.

    Both are looked for whoever it is: by the time that it takes, somebody out of reach is not to
    be told from nobody.

    :raises NotVisible: as `person_for`, or if `actor` does not reach them (`policies.reaches`).
    :raises Refused: `contact-not-given`.
    """
    row = Contact.objects.filter(person_id=person).first()
    found = person_for(actor, person)
    duty = row is not None and row.duty
    state, roles = found.state_id or "", found.role_set
    if not policies.reaches(actor, state=state, roles=roles, duty=duty, shared=shared):
        raise NotVisible
    if row is None:
        raise Refused("contact-not-given")
    said = json.loads(unseal(bytes(row.sealed), purpose="contact", bound_to=str(found.id)))
    shown = {"phone": said["phone"], "note": said["note"], "duty": duty, "at": row.changed_at}
    return found, shown
