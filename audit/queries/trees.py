"""The trees as they are served: checkpoints, tiles, entries, and where an entry stands."""

from __future__ import annotations

from django.db import connection

from ..models import Log, LogEntry, PublishedCheckpoint, SignedCheckpoint
from ..tlog import tiles
from ..tlog.checkpoint import Checkpoint
from ..tlog.merkle import Node
from ..tlog.note import Note
from .rereading import rows

_TILE = "SELECT data FROM audit_tile WHERE log_id = %s AND level = %s AND number = %s"


def slug_of(log: Log) -> str:
    """Return the name of a log in addresses, e.g. `acts-2026` or `dir`."""
    _, _, year = log.origin.partition("/")
    return f"{log.name}-{year}" if year else log.name


def current() -> list[Log]:
    """Return every log, the oldest first."""
    return list(Log.objects.order_by("id"))


def log_of(slug: str) -> Log | None:
    """Return the newest log with this name in addresses."""
    found = [log for log in current() if slug_of(log) == slug]
    return found[-1] if found else None


def newest_signed(log: Log) -> str | None:
    """Return the newest note with the log's own signature: what witnesses are asked about."""
    notes = SignedCheckpoint.objects.filter(log=log).order_by("-size")
    return notes.values_list("note", flat=True).first()


def newest_published(log: Log) -> str | None:
    """Return the newest checkpoint that others may rely on, with its cosignatures."""
    notes = PublishedCheckpoint.objects.filter(log=log).order_by("-size", "-id")
    return notes.values_list("note", flat=True).first()


def signed_size(log: Log) -> int:
    """Return how much of a log is signed: the rest is nobody's business yet."""
    sizes = SignedCheckpoint.objects.filter(log=log).order_by("-size")
    return sizes.values_list("size", flat=True).first() or 0


def published_size(log: Log) -> int:
    """Return how much of a log others may rely on."""
    sizes = PublishedCheckpoint.objects.filter(log=log).order_by("-size")
    return sizes.values_list("size", flat=True).first() or 0


def read_tile(log: Log, level: int, number: int) -> bytes:
    """Return as much of a tile as there is; plain SQL, for a proof reads half a dozen."""
    found = rows(connection, _TILE, [log.id, level, number])
    return bytes(found[0][0]) if found else b""


def tile(log: Log, level: int, number: int, width: int) -> bytes | None:
    """Return a tile of the signed tree cut to `width`, or None if it does not have that much."""
    hashes = signed_size(log) >> (tiles.HEIGHT * level)
    if width > hashes - number * tiles.WIDTH:
        return None
    return read_tile(log, level, number)[: width * tiles.HASH]


def bundle(log: Log, number: int, width: int) -> bytes | None:
    """Return `width` entries of the signed tree as one file, or None if there are not so many."""
    first = number * tiles.WIDTH
    if width > signed_size(log) - first:
        return None
    held = LogEntry.objects.filter(log=log, position__gte=first, position__lt=first + width)
    return tiles.bundle(
        [bytes(e) for e in held.order_by("position").values_list("leaf", flat=True)]
    )


def node_of(log: Log) -> Node:
    """Return a reader of the tree's nodes, for one proof."""
    return tiles.node_reader(lambda level, number: read_tile(log, level, number))


def entry(log: Log, position: int) -> bytes | None:
    """Return one leaf."""
    found = LogEntry.objects.filter(log=log, position=position).values_list("leaf", flat=True)
    return bytes(found[0]) if found else None


def places_of(event: int) -> list[tuple[Log, int]]:
    """Return where an event stands: in the log of acts, and perhaps in the directory's."""
    rows = LogEntry.objects.filter(event_id=event).select_related("log").order_by("log_id")
    return [(row.log, row.position) for row in rows]


def checkpoint_of(note: str) -> Checkpoint:
    """Return the checkpoint in a note of ours."""
    return Checkpoint.parse(Note.parse(note).text)
