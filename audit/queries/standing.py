"""How far behind the log is, in a handful of look-ups by index: cheap enough to ask often."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from ..models import Log, LogEntry, PublishedCheckpoint, SignedCheckpoint, Waiting
from ..states import Standing, Strays
from .rereading import rows

_NOW = {
    "postgresql": "SELECT STATEMENT_TIMESTAMP()",
    "sqlite": "SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'now')",
}
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
    logs = _ours()
    return Standing(
        waiting=Waiting.objects.all()[:most].count(),
        most=most,
        at=database_now(),
        unplaced_since=waiting_since(),
        unsigned_since=_oldest(logs, SignedCheckpoint),
        unpublished_since=_oldest(logs, PublishedCheckpoint),
    )


def database_now() -> datetime:
    """Return the time by the clock that also says since when an event waits."""
    ((now,),) = rows(connection, _NOW[connection.vendor], [])
    # SQLite has no times, only texts in UTC.
    return datetime.fromisoformat(now).replace(tzinfo=UTC) if isinstance(now, str) else now


def waiting_since() -> datetime | None:
    """Return when the oldest event entered the queue that has no place yet."""
    first = Waiting.objects.order_by("event_id")
    return first.values_list("since", flat=True).first()


def queued(entries: QuerySet[LogEntry]) -> datetime | None:
    """
    Return when the first of these entries' events entered the queue.

    Of one placed by a version that did not keep it, its act's own time stands for that.
    """
    found = entries.filter(event__isnull=False).order_by("position")
    return found.values_list(Coalesce("queued_at", "event__at"), flat=True).first()


def is_ours(origin: str) -> bool:
    """Say whether a log is this host's: another's, whose database was lost, nobody signs more."""
    host: str = settings.LOG_HOST
    return origin == f"dir.{host}" or origin.startswith((f"audit.{host}/", f"dir.{host}/"))


def _ours() -> list[Log]:
    return [log for log in Log.objects.order_by("id") if is_ours(log.origin)]


def _oldest(
    logs: list[Log], notes: type[SignedCheckpoint | PublishedCheckpoint]
) -> datetime | None:
    found = []
    for log in logs:
        sizes = notes.objects.filter(log=log).order_by("-size").values_list("size", flat=True)
        done = sizes.first() or 0
        if done == log.size:
            continue
        found.append(queued(LogEntry.objects.filter(log=log, position__gte=done)))
    return min((at for at in found if at is not None), default=None)


def strays() -> Strays:
    """Count the rows that should not be there and that can stop the signing."""
    counts = [rows(connection, sql, [])[0][0] for sql in (_ENTRIES, _TILES, _PLACES)]
    return Strays(*counts)
