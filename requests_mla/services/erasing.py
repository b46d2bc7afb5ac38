"""What is destroyed of requests when what was said in circles is deleted: part of that act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from ..models import (
    Attestation,
    Consultation,
    Enclosure,
    EnclosureOpening,
    EnclosurePiece,
    Letter,
    LetterMark,
    Move,
    Proposal,
    Reminder,
    Request,
    Turn,
    Version,
)


def erase(*, circles: Collection[UUID], now: datetime) -> None:
    """
    Destroy versions, signatures, disclosed facts, letters and files of these circles' requests.

    That there was a request, of whom to whom, stays, as in the log; to both central authorities it
    is there no more.
    """
    drafts = Request.objects.filter(circle__in=circles)
    files = Enclosure.objects.filter(request__in=drafts)
    EnclosureOpening.objects.filter(enclosure__in=files).delete()
    EnclosurePiece.objects.filter(enclosure__in=files).delete()
    files.filter(removed_at=None).update(removed_at=now)  # what lies in the storage goes next
    files.update(letter=None)
    Letter.objects.filter(request__in=drafts).delete()  # with the keys to them
    LetterMark.objects.filter(request__in=drafts).delete()
    Move.objects.filter(request__in=drafts).delete()
    Proposal.objects.filter(request__in=drafts).delete()
    Reminder.objects.filter(request__in=drafts).delete()
    Attestation.objects.filter(version__request__in=drafts).delete()
    Version.objects.filter(request__in=drafts).delete()
    Turn.objects.filter(request__in=drafts).delete()
    # That another State was asked, when, and the outcome's code are as the log has them.
    asked = Consultation.objects.filter(request__in=drafts)
    asked.update(digest="", questions=[], urgent=False)
    drafts.update(version=0, saved_at=None, disclosed={})
