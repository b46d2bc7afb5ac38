"""The directory's log as everybody signed in may read it: every entry opened, in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from .. import commitments, keyring
from ..models import AuditEvent, Log, LogEntry, PublishedCheckpoint, Waiting
from ..tlog.checkpoint import Checkpoint
from ..tlog.errors import Unproven
from .rereading import rows
from .trees import signed_size

NAME = "dir"
_PLACES = "SELECT event_id, position FROM audit_logentry WHERE log_id = %s AND event_id IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Opening:
    """
    One entry: salt and canonical bytes of its event, to be checked against its leaf.

    Both are None for an entry about the log itself, and for an event that is erased or does not
    open.
    """

    index: int
    event: int | None
    salt: bytes | None
    payload: bytes | None


@dataclass(frozen=True, slots=True)
class Published:
    """A published checkpoint: its root, when a larger one was, and whether its log has ended."""

    root: bytes | None = None
    outgrown_at: datetime | None = None
    ended: bool = False


def newest() -> Log | None:
    """Return the log of the directory that goes on, if one was begun."""
    return Log.objects.filter(name=NAME).order_by("-id").first()


def published(*, origin: str, size: int) -> Published:
    """
    Return what is known of a published checkpoint; nothing, if there is none.

    `origin` is that of a log of the directory, also of one that another took over from: that ends
    it with the other's first published checkpoint, for before that there is nothing to follow.
    """
    every = PublishedCheckpoint.objects.filter(log__name=NAME)
    of = every.filter(log__origin=origin)
    found = of.filter(size=size).first()
    if found is None:
        return Published()
    text = found.note.partition("\n\n")[0] + "\n"
    since = of.filter(size__gt=size).order_by("size", "id").values_list("at", flat=True).first()
    ended = every.filter(log_id__gt=found.log_id).exists()
    return Published(Checkpoint.parse(text).root, since, ended)


def places(log: Log) -> dict[int, int]:
    """Return where each event stands in a log; plain SQL, for it is read whole."""
    return dict(rows(connection, _PLACES, [log.id]))


def waiting() -> list[int]:
    """Return the events of the directory that have no place yet, in the order they will get one."""
    found = Waiting.objects.filter(event__directory=True).order_by("event_id")
    return list(found.values_list("event_id", flat=True))


def openings(*, after: int, most: int) -> tuple[int, list[Opening]]:
    """Return how many entries are signed, and what those from the index `after` on say."""
    log = newest()
    if log is None:
        return 0, []
    size = signed_size(log)
    held = LogEntry.objects.filter(
        log=log, position__gte=after, position__lt=min(size, after + most)
    )
    entries = held.order_by("position").select_related("event")
    return size, [_opening(row.position, row.event) for row in entries]


def _opening(index: int, event: AuditEvent | None) -> Opening:
    if event is None or event.salt is None or event.payload is None:
        return Opening(index, event.id if event is not None else None, None, None)
    salt = bytes(event.salt)
    try:
        payload = commitments.unseal(
            bytes(event.payload), salt=salt, secret=keyring.events_secret()
        )
    except Unproven:  # what was changed is for `audit verify` to find; a reader sees that it lacks
        return Opening(index, event.id, None, None)
    return Opening(index, event.id, salt, payload)
