"""Whether the clock that rounds go by is to be believed with what cannot be taken back."""

from __future__ import annotations

from datetime import datetime

from ..limits import BELIEVED_AFTER
from ..models import Round


def leapt_at(now: datetime) -> datetime | None:
    """
    Return what the clock read when it leapt, if rounds have not gone on for a day since.

    A machine that comes up in 2038 finds every term over and every case due. Put right, its clock
    leaps once more, and the day begins anew.
    """
    found = Round.objects.values_list("leapt_at", flat=True).first()
    if found is None or found + BELIEVED_AFTER <= now:
        return None
    return found
