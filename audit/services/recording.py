"""Events: always inside the transaction of the act itself."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import connection
from django.db.transaction import TransactionManagementError

from .. import canonical, commitments, keyring
from ..events import Event
from ..models import AuditEvent
from .stalling import require_moving

MANY = 1000  # rows in one statement: SQLite takes 32,766 values
_FIELDS = tuple(
    field
    for field in AuditEvent._meta.concrete_fields  # noqa: SLF001 - Django's own way
    if not field.primary_key
)
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
    rows = [
        _row(event, actor=actor, at=at, secret=secret)
        for event, actor in zip(events, actors, strict=True)
    ]
    for first in range(0, len(rows), MANY):
        _insert(rows[first : first + MANY])
    collector = _written.get()
    if collector is not None:
        kind, written = collector
        written.update((row.id, bytes(row.leaf)) for row in rows if kind in {"", row.kind})
    return [row.id for row in rows]


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


def _insert(rows: Sequence[AuditEvent]) -> None:
    """
    Store rows in one statement, and give them the ids that the database gave.

    By hand: every act waits for this, and for most of that time it would wait for Django to write
    the statement.
    """
    names = ", ".join(f"{field.column}" for field in _FIELDS)
    one = f"({', '.join(['%s'] * len(_FIELDS))})"
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for row in rows
        for field in _FIELDS
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_auditevent ({names})"  # noqa: S608 - names of ours
            f" VALUES {', '.join([one] * len(rows))} RETURNING id",
            values,
        )
        # Ids are drawn in the order of the rows; they may be told in any.
        ids = sorted(id_ for (id_,) in cursor.fetchall())
    for row, id_ in zip(rows, ids, strict=True):
        row.id = id_


def _row(event: Event, *, actor: str, at: datetime, secret: bytes) -> AuditEvent:
    payload = canonical.encode(event, actor=actor, at=at)
    salt = secrets.token_bytes(commitments.SALT)
    return AuditEvent(
        kind=event.kind,
        actor=actor,
        subject=event.subject,
        at=at,
        states=",".join(sorted(event.states)),
        salt=salt,
        payload=commitments.seal(payload, salt=salt, secret=secret),
        leaf=commitments.leaf_of(
            payload, salt=salt, states=event.states, time=int(at.timestamp()), secret=secret
        ),
        directory=event.directory,
    )
