"""
What several States read together waits for, beyond who is in it.

The day's wait: who may not be let in yet, and until when. And States that come into no new case
before they have confirmed their directory.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from casehub.core.errors import Refused, require
from casehub.directory import queries as directory

from . import policies
from .models import Case, Circle


def waiting_in(case: Case, people: Iterable[UUID], *, now: datetime) -> dict[UUID, datetime]:
    """
    Return those of `people` whose designation or new key is too fresh for this case, until when.

    The same rule as in browsers: they freeze a thread into which somebody came too early, so what
    is accepted here must not be what they refuse. Nobody waits in a case of one State.
    """
    if len(case.state_set) < 2:  # noqa: PLR2004
        return {}
    return fresh_among(people, now=now)


def fresh_among(people: Iterable[UUID], *, now: datetime) -> dict[UUID, datetime]:
    """Return those of `people` who have to wait for whatever several States read, until when."""
    return directory.effective_later(people, now=now)


def waiting_for(circle: UUID, people: Iterable[UUID], *, now: datetime) -> dict[UUID, datetime]:
    """Return the same of a circle's case; of a draft too, which draws on what others entrusted."""
    found = Circle.objects.select_related("case").get(id=circle)
    if found.kind == Circle.Kind.NOTE:
        return fresh_among(people, now=now)
    return waiting_in(found.case, people, now=now)


def require_effective(case: Case, people: Iterable[UUID], *, now: datetime) -> None:
    """
    Pass only people who may be let into what the States of a case read.

    :raises Refused: `person-limited`, with the moment from when all of them may.
    """
    waiting = waiting_in(case, people, now=now)
    if waiting:
        raise Refused("person-limited", until=max(waiting.values()))


def require_confirmed(states: Iterable[str], *, own: str, now: datetime) -> None:
    """
    Pass only States that may come into a new case together, or into one that is there.

    `states` are all that it would have then, `own` is the actor's.

    :raises Refused: `directory-unconfirmed`, `state-unconfirmed`.
    """
    asked = frozenset(states)
    # Who keeps confirmations is above this app and named in the settings, as for `actor_for`.
    unconfirmed = import_string(settings.CASEHUB_UNCONFIRMED)(asked, now)
    require(policies.why_not_between(own=own, states=asked, unconfirmed=unconfirmed))
