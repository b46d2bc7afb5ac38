"""Events: always inside the transaction of the act itself."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection
from django.db.transaction import TransactionManagementError

from .. import canonical, commitments, keyring, packing
from ..events import Event
from ..inserting import insert_many
from .stalling import require_moving

MANY = 1000  # rows in one statement: SQLite takes 32,766 values
TABLE = "audit_auditevent"
COLUMNS = {  # with their types in PostgreSQL
    "kind": "text", "actor": "text", "subject": "text", "at": "timestamptz", "states": "text",
    "salt": "bytea", "payload": "bytea", "leaf": "bytea", "directory": "boolean",
}  # fmt: skip
_written: ContextVar[tuple[str, dict[int, bytes]] | None] = ContextVar("written", default=None)


def record(event: Event, *, actor: str, at: datetime) -> int:
    """
    Write one event and return its id, which the act's head row keeps.

    :raises TransactionManagementError: outside a transaction: an event must live or die with
        its act.
    :raises LogStalled: if the log does not move and the act changes something.
    """
    return record_many([event], actors=[actor], at=at)[0]


def record_many(events: Sequence[Event], *, actors: Sequence[str], at: datetime) -> list[int]:
    """
    Write many events of one batch in one statement; ids come back in the order given.

    :raises TransactionManagementError: outside a transaction.
    :raises LogStalled: if the log does not move and one of the acts changes something.
    """
    if not connection.in_atomic_block:
        message = "an audit event is recorded inside the transaction of its act"
        raise TransactionManagementError(message)
    if not all(event.goes_on for event in events):
        require_moving(at)
    secret = keyring.events_secret()
    stored_at = connection.ops.adapt_datetimefield_value(at)
    rows = [
        row_of(event, actor=actor, at=at, stored_at=stored_at, secret=secret)
        for event, actor in zip(events, actors, strict=True)
    ]
    ids = [
        id_ for first in range(0, len(rows), MANY) for id_ in _insert(rows[first : first + MANY])
    ]
    collector = _written.get()
    if collector is not None:
        kind, written = collector
        made = zip(events, ids, rows, strict=True)
        written.update((id_, row.leaf) for event, id_, row in made if kind in {"", event.kind})
    return ids


@contextmanager
def collecting(kind: str = "") -> Iterator[dict[int, bytes]]:
    """
    Gather the leaves that this thread writes, by event: what was committed may be promised.

    With a `kind`, only of events of it.
    """
    written: dict[int, bytes] = {}
    token = _written.set((kind, written))
    try:
        yield written
    finally:
        _written.reset(token)


def _insert(rows: Sequence[_Row]) -> list[int]:
    """
    Store rows in one statement, and return the ids that the database gave, in their order.

    By hand: every act waits for this, and for most of that time it would wait for Django to write
    the statement.
    """
    if connection.vendor != "sqlite":
        values = [row.values for row in rows]
        return sorted(insert_many(TABLE, COLUMNS, values, returning="id"))
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(rows)), list(chain.from_iterable(row.values for row in rows)))
        # Ids are drawn in the order of the rows; they may be told in any.
        return sorted(id_ for (id_,) in cursor.fetchall())


@lru_cache(maxsize=256)  # batches are of a few sizes
def _statement(count: int) -> str:
    one = f"({', '.join(['%s'] * len(COLUMNS))})"
    return (
        f"INSERT INTO {TABLE} ({', '.join(COLUMNS)})"  # noqa: S608 - names of ours
        f" VALUES {', '.join([one] * count)} RETURNING id"
    )


class _Row(NamedTuple):
    """What is stored of an event, in the order of `COLUMNS`, and its leaf."""

    leaf: bytes
    values: tuple[Any, ...]


def row_of(event: Event, *, actor: str, at: datetime, stored_at: object, secret: bytes) -> _Row:
    """Return an event as it is stored; `stored_at` is its time as the database takes it."""
    payload = canonical.encode(event, actor=actor, at=at)
    salt = secrets.token_bytes(commitments.SALT)
    leaf = commitments.leaf_of(
        payload, salt=salt, states=event.states, time=int(at.timestamp()), secret=secret
    )
    values = (
        event.kind,
        actor,
        event.subject,
        stored_at,
        ",".join(sorted(event.states)),
        salt,
        commitments.seal(payload, salt=salt, secret=secret),
        packing.pack_leaf(leaf),
        event.directory,
    )
    return _Row(leaf, values)
