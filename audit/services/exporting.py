"""Exports: who carried what away stands in the log before the first byte has left."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ..queries.exporting import Selection
from .recording import record


@transaction.atomic
def record_export(*, selection: Selection, actor: str, now: datetime) -> None:
    """Record that `actor` takes a selection away."""
    record(selection.event(), actor=actor, at=now)
