"""
The e-mail of a day: claimed before it is sent, so that it leaves once or not at all.

Two processes, or one that is killed and started again, come to one row: what it says was committed
before a byte went to the mail server.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db import connection, transaction

import audit.services
from casehub.core.actor import Actor

from .. import queries
from ..events import MailFailed, MailHanded
from ..letters import Language, Letter
from ..models import Digest, Mail


def _held(person: UUID) -> Digest | None:
    rows = Digest.objects.filter(person=person)
    if connection.vendor != "sqlite":
        rows = rows.select_for_update(of=("self",))
    return rows.select_related("person__account", "person__state").first()


@transaction.atomic
def hand_mail(*, person: UUID, actor: Actor | None = None, now: datetime) -> Letter | None:
    """
    Claim the e-mail that is due to somebody and return what it says; the caller sends it at once.

    None if none is due: another process was first, they act no more, or nothing waits for them.
    Then the day counts as looked at. Nobody does it, so `actor` is None.
    """
    found = _held(person)
    if found is None or not found.sealed:
        return None
    day = queries.day_due(found, now)
    again = None if day is not None else queries.to_try_again(found, now)
    if day is None and again is None:
        return None
    if day is not None:
        Digest.objects.filter(person=person).update(looked_on=day)
    counts = queries.counts_for(found.person, now)
    address = queries.address_of(found)
    if not counts or not address:
        return None
    attempt = again.attempt + 1 if again else 1
    event = MailHanded(states=(found.person.state_id or "",), person=str(person), attempt=attempt)
    act = audit.services.record(event, actor=actor.id if actor else "", at=now)
    mail, _ = Mail.objects.update_or_create(
        person_id=person,
        day=again.day if again else cast("date", day),
        defaults={"attempt": attempt, "at": now, "why": Mail.Why.NOT, "audit_event_id": act},
    )
    return Letter(
        mail=str(mail.id),
        address=address,
        language=cast("Language", found.language),
        counts=counts,
    )


@transaction.atomic
def note_failure(*, mail: UUID, why: str, actor: Actor | None = None, now: datetime) -> bool:
    """
    Note that an e-mail did not go, or that nobody knows; False if that is settled already.

    `why` is one of `Mail.Why`: only what was put off is tried again, at most `limits.TRIES` times.
    """
    rows = Mail.objects.filter(id=mail, accepted_at=None, why=Mail.Why.NOT)
    if connection.vendor != "sqlite":
        rows = rows.select_for_update(of=("self",))
    found = rows.select_related("person").first()
    if found is None:
        return False
    event = MailFailed(
        states=(found.person.state_id or "",),
        person=str(found.person_id),
        attempt=found.attempt,
        why=why,
    )
    found.why, found.at = why, now
    found.audit_event_id = audit.services.record(event, actor=actor.id if actor else "", at=now)
    found.save(update_fields=["why", "at", "audit_event_id"])
    return True
