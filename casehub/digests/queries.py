"""
What waits for somebody, as far as this server knows it, and whose e-mail is due.

Nothing is learnt for it: how far a person has read is what their own clients keep here for each
other, and what messages say is not among what is counted.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Q

from casehub.accounts.sealing import unseal
from casehub.cases import queries as cases
from casehub.cases.models import Circle
from casehub.core.actor import Actor
from casehub.deadlines import queries as deadlines
from casehub.designations.queries import waiting as designations
from casehub.directory.models import Person
from casehub.notes import queries as notes
from messaging.models import Entry, Group, Leaf, ReadMark
from requests_mla import queries as requests

from . import limits, policies
from .letters import Counts
from .models import Digest, Mail
from .states import NEVER

log = logging.getLogger("casehub.digests")
PURPOSE = "digest"
TALK = (Circle.Kind.THREAD, Circle.Kind.NOTE)  # where people write to each other
HOUR = 8  # that the form begins with, where nothing was chosen


def address_of(found: Digest) -> str:
    """Return where a person's e-mail goes; nothing for one that does not open any more."""
    sealed = bytes(found.sealed)
    if not sealed:
        return ""
    try:
        return unseal(sealed, purpose=PURPOSE, bound_to=str(found.person_id)).decode()
    except (
        ValueError
    ):  # sealed under another key: theirs to give anew, and nobody else's to wait for
        log.warning("the sealed address of %s does not open", found.person_id)
        return ""


def setting_of(actor: Actor) -> dict[str, Any]:
    """Return the actor's own setting, and whether this server sends e-mail at all."""
    found = Digest.objects.filter(person_id=actor.id).first()
    last = Mail.objects.filter(person_id=actor.id).order_by("-day").first()
    failed = last is not None and last.why not in {Mail.Why.NOT, Mail.Why.OFF}
    sent = Mail.objects.filter(person_id=actor.id, accepted_at__isnull=False).order_by("-day")
    return {
        "often": found.often if found else NEVER,
        "hour": found.hour if found else HOUR,
        "zone": found.zone if found else "",
        "language": found.language if found else None,
        "address": address_of(found) if found else "",
        "able": settings.MAIL_ABLE,
        "folder": settings.MAIL_FOLDER_SAID,
        "sent_on": sent.values_list("day", flat=True).first(),
        "failed_on": last.day if last is not None and failed else None,
    }


def day_due(found: Digest, now: datetime) -> date | None:
    """Return the day whose e-mail is due to somebody who acts, or None."""
    if not found.person.in_force(now):
        return None
    return policies.day_due(
        often=found.often,
        hour=found.hour,
        zone=found.zone,
        looked_on=found.looked_on,
        now=now,
    )


def to_try_again(found: Digest, now: datetime) -> Mail | None:
    """Return today's e-mail of somebody who acts, if the mail server put it off long enough ago."""
    if found.often == NEVER or not found.person.in_force(now):
        return None
    put_off = Mail.objects.filter(
        person_id=found.person_id,
        day=policies.day_in(found.zone, now),
        why=Mail.Why.OFF,
        attempt__lt=limits.TRIES,
        at__lte=now - limits.APART,
    )
    return put_off.first()


def due(now: datetime, *, most: int) -> list[UUID]:
    """Return to whom an e-mail may be due, at most so many; `services.hand_mail` looks again."""
    rows = Digest.objects.exclude(often=NEVER).filter(
        person__suspended_at=None, person__removed_at=None, person__valid_until__gt=now
    )
    put_off = set(
        Mail.objects.filter(
            why=Mail.Why.OFF, attempt__lt=limits.TRIES, at__lte=now - limits.APART
        ).values_list("person_id", flat=True)
    )
    found = rows.select_related("person__account", "person__state").order_by("person_id")
    wanted = (
        one.person_id
        for one in found
        if day_due(one, now) is not None
        or (one.person_id in put_off and to_try_again(one, now) is not None)
    )
    return [one for one, _ in zip(wanted, range(most), strict=False)]


def unheard(now: datetime) -> list[UUID]:
    """Return e-mails of which nobody knows whether they went: their process died meanwhile."""
    rows = Mail.objects.filter(accepted_at=None, why=Mail.Why.NOT, at__lte=now - limits.UNHEARD)
    return list(rows.order_by("at").values_list("id", flat=True)[: limits.MOST])


def counts_for(person: Person, now: datetime) -> Counts:
    """Return how much waits for somebody who acts: numbers, and nothing of what they number."""
    actor = _actor(person)
    messages, urgent = unread_of(actor)
    # What the page lists, and nothing besides.
    terms = deadlines.deadlines_of(actor, now=now)
    of = Counter(one.kind for one in terms)
    designated = designations.awaiting(actor, now=now)  # without a term, too
    hands = len(designated) + sum(of[kind] for kind in ("export", "joining", "keeping", "standing"))
    steps = len(requests.steps_wanted(actor, now=now))
    return Counts(
        messages=messages,
        urgent=urgent,
        letters=sum(one["count"] for one in requests.unread_letters_of(actor)),
        notices=of["notice"],
        hands=hands + notes.wanting(actor) + steps,
        deadlines=sum(one.ends <= now + limits.NEAR for one in terms),
    )


def _actor(person: Person) -> Actor:
    return Actor(
        id=str(person.id),
        account=str(person.account_id or ""),
        state=person.state_id or "",
        roles=person.role_set,
        functions=person.function_set,
        office="",
        session="",
    )


def unread_of(actor: Actor) -> tuple[int, int]:
    """
    Return how many messages a person has not read, and how many of them are called urgent.

    They are what others wrote in threads and notes that the person reads, after the mark that their
    own clients set, in epochs in which one of their devices could read, and not withdrawn since.
    """
    circles = cases.readable(actor).filter(kind__in=TALK).values("id")
    first = dict(
        Leaf.objects.filter(group__in=circles, device__person_id=actor.id)
        .values_list("group_id")
        .annotate(first=Min("since_epoch"))
    )
    marks = {
        one.group_id: one for one in ReadMark.objects.filter(group__in=first, person_id=actor.id)
    }
    unread = urgent = 0
    for group, head in Group.objects.filter(circle_id__in=first).values_list("circle_id", "head"):
        mark = marks.get(group)
        begins = 1 if mark is None else mark.seq + 1
        if mark is not None and mark.unread is not None:
            begins = min(begins, mark.unread)
        if begins > head:
            continue
        said = Entry.objects.filter(group=group, kind=Entry.Kind.MESSAGE)
        withdrawn = said.filter(act="withdraw", about__isnull=False).values("about")
        fresh = said.filter(act="", seq__gte=begins, epoch__gte=first[group])
        found = (
            fresh.exclude(device__person_id=actor.id)
            .exclude(seq__in=withdrawn)
            .aggregate(all=Count("id"), urgent=Count("id", filter=Q(urgent=True)))
        )
        unread, urgent = unread + found["all"], urgent + found["urgent"]
    return unread, urgent
