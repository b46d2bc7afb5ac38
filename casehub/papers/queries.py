"""Reading letterheads of one's State, and what was made of requests whose drafts one reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, OuterRef, Subquery

from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.core.frames import to_b64u
from casehub.directory.models import Office, Person
from requests_mla import queries as requests

from . import limits
from .models import Letterhead, Making

Shape = dict[str, Any]


def own_office(actor: Actor) -> Office:
    """Return the office of a person of a State, held until the transaction ends."""
    office = Person.objects.get(id=actor.id).office_id
    rows = Office.objects.filter(id=office)
    if connection.vendor != "sqlite":
        rows = rows.select_for_update()
    return rows.get()


def newest_of(office: Office) -> int:
    """Return the number of the letterhead that counts, 0 before the first."""
    found = Letterhead.objects.filter(office=office).aggregate(number=Max("number"))
    return found["number"] or 0


def changes_of_day(office: Office, now: datetime) -> int:
    """Return how often an office's letterhead changed within a day."""
    return Letterhead.objects.filter(office=office, at__gt=now - limits.DAY).count()


def _headed(found: Letterhead) -> Shape:
    return {
        "id": found.id,
        "office": found.office_id,
        "number": found.number,
        "person": found.person_id,
        "device": found.device_id,
        "at": found.at,
        "body": to_b64u(found.body),
        "signature": to_b64u(found.signature),
    }


def letterheads_for(actor: Actor) -> Shape:
    """Return the letterheads that count in the actor's State, and which office is the actor's."""
    of_office = Letterhead.objects.filter(office=OuterRef("office")).order_by("-number")
    rows = Letterhead.objects.filter(
        office__state_id=actor.state or None, number=Subquery(of_office.values("number")[:1])
    )
    own = Person.objects.filter(id=actor.id).values_list("office_id", flat=True).first()
    return {"own": own, "letterheads": [_headed(one) for one in rows.order_by("office_id")]}


def own_letterhead(actor: Actor, letterhead: UUID) -> Letterhead:
    """
    Return a letterhead of the actor's State, one that counted once among them.

    :raises NotVisible: if it is another State's, or none.
    """
    rows = Letterhead.objects.filter(id=letterhead, office__state_id=actor.state or None)
    found = rows.first()
    if found is None:
        raise NotVisible
    return found


def letterhead_for(actor: Actor, letterhead: UUID) -> Shape:
    """
    Return one letterhead.

    :raises NotVisible: as `own_letterhead`.
    """
    return _headed(own_letterhead(actor, letterhead))


def offices_of(states: set[str]) -> set[str]:
    """Return the offices of these States."""
    rows = Office.objects.filter(state_id__in=states).values_list("id", flat=True)
    return set(map(str, rows))


def makings_for(actor: Actor, request: UUID) -> list[Shape]:
    """
    Return what documents were made of a request, oldest first.

    :raises NotVisible: if the actor does not read its draft.
    """
    found = requests.request_for(actor, request)
    rows = Making.objects.filter(request=found).select_related("letterhead").order_by("at", "id")
    return [
        {
            "id": one.id,
            "version": one.version,
            "person": one.person_id,
            "device": one.device_id,
            "at": one.at,
            "letterhead": one.letterhead_id,
            "letterhead_digest": one.letterhead.digest if one.letterhead else "",
            "template": one.template,
            "files": [
                file | {"commitment": to_b64u(bytes.fromhex(file["commitment"]))}
                for file in one.files
            ],
            "recipients": one.recipients,
            "signature": to_b64u(one.signature),
        }
        for one in rows
    ]
