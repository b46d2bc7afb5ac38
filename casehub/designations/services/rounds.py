"""Whose turn it is to go round: of several processes on one database one does, once a minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from ..limits import LEAP
from ..models import Round

APART = timedelta(seconds=50)  # less than a minute, so that a process that is alone misses none
AHEAD = timedelta(minutes=2)  # a row from there was written by a clock that is wrong
ONLY = 1


@transaction.atomic
def take_turn(*, now: datetime) -> bool:
    """
    Take the turn if nobody has in the last minute; nothing has to be given back.

    The condition stands in the UPDATE: of two at once one has it. No event: it is no act, and what
    is found to do has its own. A clock that stands more than `LEAP` from the round before is
    written down: whether it is to be believed, `queries.rounds.leapt_at` says.
    """
    _, made = Round.objects.get_or_create(id=ONLY, defaults={"at": now})
    if made:
        return True
    due = Round.objects.filter(Q(at__lte=now - APART) | Q(at__gt=now + AHEAD), id=ONLY)
    far = Q(at__lt=now - LEAP) | Q(at__gt=now + LEAP)
    leapt_at = Case(When(far, then=Value(now)), default=F("leapt_at"))
    return due.update(at=now, leapt_at=leapt_at) == 1
