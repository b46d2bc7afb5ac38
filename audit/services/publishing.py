"""Letting a signed checkpoint out: from this row on others see it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ..models import SignedCheckpoint


@transaction.atomic
def publish(*, log: int, size: int, note: str, now: datetime) -> None:
    """Keep a signed note; the same one twice is kept once."""
    SignedCheckpoint.objects.get_or_create(
        log_id=log, size=size, defaults={"note": note, "at": now}
    )
