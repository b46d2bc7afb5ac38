"""What a State's coordinator keeps true of its offices, central authorities and people's hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import require
from casehub.directory import policies, queries
from casehub.directory.events import (
    CompetenceEnded,
    CompetenceEntered,
    HoursChanged,
    OfficeChanged,
)
from casehub.directory.models import Change, Competence, Hours, Notice, Office

from .notices import give


def remember_entry(
    *, subject: UUID, what: str, was: Mapping[str, object], state: str, by: str, now: datetime
) -> None:
    """Keep what an entry said until now, in the transaction of the act that changes it."""
    Change.objects.create(
        state_id=state, subject=subject, what=what, by=UUID(by) if by else None, at=now, was=was
    )


def _tell(state: str, office: str, *changed: Notice.Changed, act: int, now: datetime) -> None:
    """Tell all States, as a part of an act, what has changed of one's office of this name."""
    give(kind=Notice.Kind.CHANGED, state=state, name=office, changed=changed, act=act, now=now)


@transaction.atomic
def change_office(
    *, office: UUID, kind: str, name: str, telephone: str, actor: Actor, now: datetime
) -> UUID:
    """
    Give an office of the actor's State another name, kind or public telephone (empty: none).

    :raises NotVisible: if it is another State's, or none.
    :raises Refused: `telephone-malformed`.
    """
    found = queries.own_office(actor, office)
    require(policies.why_not_telephone(telephone))
    was = {"kind": found.kind, "name": found.name, "telephone": found.telephone}
    event = OfficeChanged(states=(actor.state,), office=str(office))
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Office.objects.filter(id=office).update(
        kind=kind, name=name, telephone=telephone, audit_event_id=event_id
    )
    remember_entry(
        subject=office, what=event.kind, was=was, state=actor.state, by=actor.id, now=now
    )
    what = {
        Notice.Changed.OFFICE_NAME: name != was["name"],
        Notice.Changed.OFFICE_KIND: kind != was["kind"],
        Notice.Changed.OFFICE_TELEPHONE: telephone != was["telephone"],
    }
    _tell(actor.state, name, *(one for one, is_so in what.items() if is_so), act=event_id, now=now)
    return office


@transaction.atomic
def enter_competence(
    *,
    office: UUID,
    instrument: str,
    since: date,
    source: str,
    confidence: str,
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Say which office is central authority for an instrument from a day on; return the entry's id.

    What was said before for the same instrument counts until that day; nothing is overwritten.

    :raises NotVisible: if the office is another State's, or none.
    :raises Refused: `unknown-instrument`, or `competence-known` if something begins that day.
    """
    found = queries.own_office(actor, office)
    said = Competence.objects.filter(state_id=actor.state, instrument=instrument, since=since)
    known = instrument == "" or instrument in queries.instruments()
    require(policies.why_not_competence(known=known, already=said.exists()))
    competence = uuid4()
    event = CompetenceEntered(
        states=(actor.state,),
        competence=str(competence),
        instrument=instrument,
        office=str(office),
        since=since.isoformat(),
    )
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Competence.objects.create(
        id=competence,
        state_id=actor.state,
        instrument=instrument,
        office=found,
        since=since,
        source=source,
        confidence=confidence,
        audit_event_id=event_id,
    )
    _tell(actor.state, found.name, Notice.Changed.AUTHORITY_NEW, act=event_id, now=now)
    return competence


@transaction.atomic
def end_competence(*, competence: UUID, until: date, actor: Actor, now: datetime) -> UUID:
    """
    Say on which day an office is central authority no longer; on its first day: it never was.

    :raises NotVisible: if it is another State's entry, or none.
    :raises Refused: `competence-dates` if it would end before it begins.
    """
    found = queries.own_competence(actor, competence)
    require(policies.why_not_end(since=found.since, until=until))
    was = {"until": found.until.isoformat() if found.until else None}
    event = CompetenceEnded(
        states=(actor.state,), competence=str(competence), until=until.isoformat()
    )
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Competence.objects.filter(id=competence).update(until=until, audit_event_id=event_id)
    subject = found.office_id
    remember_entry(
        subject=subject, what=event.kind, was=was, state=actor.state, by=actor.id, now=now
    )
    _tell(actor.state, found.office.name, Notice.Changed.AUTHORITY_ENDED, act=event_id, now=now)
    return competence


@transaction.atomic
def change_hours(
    *,
    person: UUID,
    zone: str,
    days: Sequence[int],
    opens: str,
    closes: str,
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Say when somebody of the actor's State works, on the clocks of their post.

    `days` are ISO weekdays in order, `opens` and `closes` like `08:00`.

    :raises NotVisible: if they are of another State, or nobody.
    :raises Refused: `hours-malformed` for an unknown zone, no day, or an end before the beginning.
    """
    found = queries.own_person(actor, person)
    require(policies.why_not_hours(zone=zone, days=days, opens=opens, closes=closes))
    told = {
        "zone": zone,
        "days": "".join(map(str, days)),
        "opens": opens,
        "closes": closes,
    }
    before = Hours.objects.filter(person=found).values(*told).first()
    event = HoursChanged(states=(actor.state,), person=str(person))
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Hours.objects.update_or_create(person=found, defaults={**told, "audit_event_id": event_id})
    remember_entry(
        subject=person,
        what=event.kind,
        was=before or {},
        state=actor.state,
        by=actor.id,
        now=now,
    )
    if before != told:  # what was so already is nobody's news
        give(
            kind=Notice.Kind.CHANGED,
            state=actor.state,
            person=person,
            changed=[Notice.Changed.HOURS],
            act=event_id,
            now=now,
        )
    return person
