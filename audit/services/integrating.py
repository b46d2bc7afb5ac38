"""Growing the trees: whatever waits gets its place, in one transaction of the one sequencer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from .. import commitments, marks
from ..models import KeyChange, Log, LogEntry, SignedCheckpoint, Tile, Waiting
from ..packing import pack_leaf, unpack_leaf
from ..queries import keys
from ..tlog import merkle, tiles
from ..tlog.errors import Unproven
from ..tlog.note import Key, Note

MOST = 4000  # events in one transaction
# An event has left the outbox once it stands in a tree; a trigger refuses anything else.
_TAKE_OUT = (
    "DELETE FROM audit_waiting WHERE EXISTS"
    " (SELECT 1 FROM audit_logentry e WHERE e.event_id = audit_waiting.event_id)"
)

_NEXT = (
    "SELECT v.id, w.since, v.leaf, v.kind, v.actor, v.subject, v.at, v.states, v.directory"
    " FROM audit_waiting w JOIN audit_auditevent v ON v.id = w.event_id ORDER BY v.id LIMIT %s"
)
_PLACED = "SELECT id FROM audit_logentry WHERE log_id = %s AND position >= %s ORDER BY position"

# (id of the event and when it was queued as the database says it, both None for a mark of the log;
# leaf)
Leaf = tuple[int | None, Any, bytes]


def anything_waits() -> bool:
    """Say whether an event has no place yet, without taking the one writer's turn."""
    return Waiting.objects.exists()


@transaction.atomic
def integrate(
    *, trees: Mapping[int, merkle.Frontier], passing: Callable[[str], None] = lambda _: None
) -> int:
    """
    Give every waiting event its place, oldest id first; return how many there were.

    `trees` holds, by log id, the open logs' trees as their signer knows them: an act goes into
    the log named "acts", a change of the directory into "dir" as well, and there a change of a
    log's key before anything else. `passing` is told when everything is written and nothing
    committed.

    :raises Unproven: if the tree that results is not the signer's with these leaves added; then
        nothing has changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [MOST])
        rows = [_Next(*row) for row in cursor.fetchall()]
        # Looked up after the events: a change of keys has its entry before its event has its own,
        # so that the event makes its log grow, and be signed, under both keys.
        changes = list(KeyChange.objects.filter(entry=None).select_related("log").order_by("id"))
        if not rows and not changes:
            return 0
        logs = {log.name: log for log in Log.objects.select_for_update().filter(id__in=list(trees))}
        _concern(_append(logs["acts"], trees, [_leaf(row) for row in rows]), rows)
        in_directory: list[Leaf] = [
            (None, None, commitments.key_leaf(time=said.start, note=said.note))
            for said in map(keys.said, changes)
        ]
        in_directory += [_leaf(row) for row in rows if row.directory]
        placed = _append(logs["dir"], trees, in_directory)
        for change, entry in zip(changes, placed, strict=False):
            KeyChange.objects.filter(id=change.id).update(entry=entry)
        cursor.execute(_TAKE_OUT)
    passing("placed")
    return len(rows)


class _Next(NamedTuple):
    """An event that waits, as it is stored."""

    id: int
    since: Any
    leaf: bytes
    kind: str
    actor: str
    subject: str
    at: Any
    states: str
    directory: bool


def _leaf(event: _Next) -> Leaf:
    return event.id, event.since, unpack_leaf(bytes(event.leaf))


def _concern(entries: Sequence[int], events: Sequence[_Next]) -> None:
    """Let the auditors of each State find the new entries that concern it."""
    _insert(
        "audit_concern",
        ("entry_id", "state", "span", "at", "kind", "actor", "subject"),
        [
            (
                entry,
                marks.of_state(state),
                marks.span_of(_moment(event.at)),
                event.at,
                marks.of_kind(event.kind),
                marks.of_id(event.actor),
                marks.of_id(event.subject),
            )
            for entry, event in zip(entries, events, strict=True)
            for state in dict.fromkeys(event.states.split(","))
        ],
    )


def _moment(at: Any) -> datetime:
    """Return a stored moment; SQLite keeps text, in UTC."""
    return at if isinstance(at, datetime) else datetime.fromisoformat(at).replace(tzinfo=UTC)


def _insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """
    Insert rows as they are stored, as fast as the database takes them.

    The sequencer shares its processors with the acts that it places.
    """
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The driver's own door: its errors become Django's, as those of every statement are.
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
            return
        marked = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marked})", rows)  # noqa: S608 - names of ours


def _append(log: Log, trees: Mapping[int, merkle.Frontier], added: Sequence[Leaf]) -> list[int]:
    """Let a log grow; return the ids of the entries, in their order."""
    if not added:
        return []
    hashes = [merkle.leaf_hash(leaf) for *_, leaf in added]
    changed = tiles.grow(log.size, hashes, lambda *place: _tile(log, *place))
    size = log.size + len(added)
    node = tiles.node_reader(lambda *place: changed.get(place) or _tile(log, *place))
    root = merkle.root(size, node)
    if root != _expected(log, trees[log.id], added):
        raise Unproven(f"{log.origin}: the tree would not be the one that its leaves make")
    _insert(
        "audit_logentry",
        ("log_id", "position", "event_id", "queued_at", "leaf"),
        [
            (log.id, log.size + number, event, queued_at, pack_leaf(leaf))
            for number, (event, queued_at, leaf) in enumerate(added)
        ],
    )
    Tile.objects.bulk_create(
        [Tile(log=log, level=at[0], number=at[1], data=data) for at, data in changed.items()],
        update_conflicts=True,
        unique_fields=["log", "level", "number"],
        update_fields=["data"],
    )
    if not Log.objects.filter(id=log.id, size=log.size).update(size=size, root=root):
        raise Unproven(f"{log.origin}: somebody else has added to it")
    with connection.cursor() as cursor:
        cursor.execute(_PLACED, [log.id, log.size])
        return [id_ for (id_,) in cursor.fetchall()]


def _tile(log: Log, level: int, number: int) -> bytes:
    found = Tile.objects.filter(log=log, level=level, number=number).values_list("data", flat=True)
    return bytes(found[0]) if found else b""


def _expected(log: Log, known: merkle.Frontier, added: Sequence[Leaf]) -> bytes:
    """Return the root by another way: the signer's own tree, and the leaves hashed once more."""
    tree = known.copy()
    for leaf in _since(log, tree.size, added):
        tree.append(merkle.leaf_hash(leaf))
    return tree.root()


def _since(log: Log, size: int, added: Sequence[Leaf]) -> Iterator[bytes]:
    """Return the leaves that the signer has not seen yet: integrated and unsigned, then new."""
    unsigned = LogEntry.objects.filter(log=log, position__gte=size).order_by("position")
    yield from (bytes(leaf) for leaf in unsigned.values_list("leaf", flat=True))
    yield from (leaf for *_, leaf in added)


@transaction.atomic
def open_log(*, name: str, origin: str, key: Key, now: datetime) -> Log:
    """
    Return the log of an origin, begun now if there is none.

    Its first entry then names the last signed checkpoint of the log that it takes over from. The
    next year's takes over at the very end of this year's; another host's may do so anywhere,
    which is how a log goes on whose database was lost.

    :raises Unproven: if the year before has not been closed and signed to its end.
    """
    found = Log.objects.filter(origin=origin).first()
    if found is not None:
        return found
    before = Log.objects.filter(name=name).order_by("-id").first()
    log = Log.objects.create(
        name=name, origin=origin, opened_at=now, root=merkle.EMPTY_ROOT, vkey=str(key)
    )
    if before is not None:
        last = SignedCheckpoint.objects.filter(log=before).order_by("-size").first()
        ended = before.closed and last is not None and last.size == before.size
        if _host(before.origin) == _host(origin) and not ended:
            raise Unproven(f"{before.origin} has not been closed and signed to its end")
        if last is not None:
            text = Note.parse(last.note).text
            leaf = commitments.opening_leaf(time=int(now.timestamp()), before=text)
            _append(log, {log.id: merkle.Frontier()}, [(None, None, leaf)])
    return Log.objects.get(id=log.id)


def _host(origin: str) -> str:
    return origin.partition("/")[0]


@transaction.atomic
def close_log(*, log: int, tree: merkle.Frontier, now: datetime) -> None:
    """Add the last entry of a log; nothing follows it."""
    found = Log.objects.select_for_update().get(id=log)
    leaf = commitments.closing_leaf(time=int(now.timestamp()))
    _append(found, {log: tree}, [(None, None, leaf)])
    Log.objects.filter(id=log).update(closed=True)
