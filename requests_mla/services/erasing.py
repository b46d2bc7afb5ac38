"""What is destroyed of requests when what was said in circles is deleted: part of that act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from ..models import (
    Attestation,
    Consultation,
    Letter,
    Move,
    Reminder,
    Request,
    Turn,
    Version,
)


def erase(*, circles: Collection[UUID], now: datetime) -> None:
    """
    Destroy versions, signatures, disclosed facts and letters of the requests of these circles.

    That there was a request, of whom to whom, stays, as in the log; to both central authorities it
    is there no more.
    """
    del now
    drafts = Request.objects.filter(circle__in=circles)
    Letter.objects.filter(request__in=drafts).delete()  # with the keys to them
    Move.objects.filter(request__in=drafts).delete()
    Reminder.objects.filter(request__in=drafts).delete()
    Attestation.objects.filter(version__request__in=drafts).delete()
    Version.objects.filter(request__in=drafts).delete()
    Turn.objects.filter(request__in=drafts).delete()
    # That another State was asked, when, and the outcome's code are as the log has them.
    asked = Consultation.objects.filter(request__in=drafts)
    asked.update(digest="", questions=[], urgent=False)
    drafts.update(version=0, saved_at=None, disclosed={})
