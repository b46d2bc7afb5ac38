"""Exports: who carried what away stands in the log before the first byte has left."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ..events import BundleExported
from ..queries.exporting import Selection
from .recording import record


@transaction.atomic
def record_export(*, selection: Selection, actor: str, now: datetime) -> None:
    """
    Record that `actor` takes a selection away.

    All States whom its entries concern are told, also when one of them asked for its own.
    """
    chosen = selection.filter
    exported = BundleExported(
        states=selection.states,
        log=selection.log.origin,
        size=selection.size,
        first=chosen.first,
        last=chosen.last,
        state=chosen.state,
        since=chosen.since,
        until=chosen.until,
        entries=selection.entries,
    )
    record(exported, actor=actor, at=now)
