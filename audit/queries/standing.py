"""How far behind the log is, in a handful of look-ups by index: cheap enough to ask often."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from ..models import AuditEvent, Log, LogEntry, PublishedCheckpoint, SignedCheckpoint, Waiting
from ..states import Standing, Strays
from .rereading import rows

# A trigger queues an event and lets it go with its entry: what this finds, somebody put there.
_PLACES = (
    "SELECT COUNT(*) FROM audit_waiting w"
    " WHERE NOT EXISTS (SELECT 1 FROM audit_auditevent v WHERE v.id = w.event_id)"
    " OR EXISTS (SELECT 1 FROM audit_logentry e WHERE e.event_id = w.event_id)"
)
_ENTRIES = (
    "SELECT COUNT(*) FROM audit_log l JOIN audit_logentry e"
    " ON e.log_id = l.id AND e.position >= l.size"
)
# Level n has a hash for every 256 ** n entries, and a tile for every 256 hashes, whole or begun.
_TILES = (
    "SELECT COUNT(*) FROM audit_log l JOIN audit_tile t ON t.log_id = l.id"
    " AND (t.level > 7 OR t.number * 256 >= l.size >> (8 * t.level))"
)


def standing() -> Standing:
    """Return what waits, is unsigned and is unpublished in the logs that this host keeps."""
    most = settings.LOG_QUEUE
    first = AuditEvent.objects.filter(waiting__isnull=False).order_by("waiting__event_id")
    logs = list(_ours())
    return Standing(
        waiting=Waiting.objects.all()[:most].count(),
        most=most,
        unplaced_since=first.values_list("at", flat=True).first(),
        unsigned_since=_oldest(logs, SignedCheckpoint),
        unpublished_since=_oldest(logs, PublishedCheckpoint),
    )


def _ours() -> QuerySet[Log]:
    """Return this host's logs: another's, whose database was lost, nobody signs any more."""
    host: str = settings.LOG_HOST
    return Log.objects.filter(
        Q(origin__startswith=f"audit.{host}/")
        | Q(origin=f"dir.{host}")
        | Q(origin__startswith=f"dir.{host}/")
    )


def _oldest(
    logs: list[Log], notes: type[SignedCheckpoint | PublishedCheckpoint]
) -> datetime | None:
    found = []
    for log in logs:
        sizes = notes.objects.filter(log=log).order_by("-size").values_list("size", flat=True)
        done = sizes.first() or 0
        if done == log.size:
            continue
        rest = LogEntry.objects.filter(log=log, position__gte=done, event__at__isnull=False)
        found.append(rest.order_by("position").values_list("event__at", flat=True).first())
    return min((at for at in found if at is not None), default=None)


def strays() -> Strays:
    """Count the rows that should not be there and that can stop the signing."""
    counts = [rows(connection, sql, [])[0][0] for sql in (_ENTRIES, _TILES, _PLACES)]
    return Strays(*counts)
