"""
The rows of a batch of messages: so many statements, however many messages there are.

Django would write a placeholder for each value of a table with bytes in it, and a case for each
group: in a busy batch a third of the writer's time.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from audit.inserting import insert_many

from .models import Entry, Group

COLUMNS = {  # of an entry, with their types in PostgreSQL
    "audit_event_id": "bigint", "group_id": "uuid", "seq": "bigint", "kind": "smallint",
    "epoch": "bigint", "device_id": "uuid", "client_id": "uuid", "body": "bytea", "digest": "text",
    "chain": "bytea", "resync": "boolean", "act": "text", "about": "bigint", "urgent": "boolean",
    "at": "timestamptz",
}  # fmt: skip
_GROW = (
    "UPDATE messaging_group SET head = rows.head, chain = rows.chain"
    " FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[]) AS rows(id, head, chain)"
    " WHERE circle_id = rows.id"
)


def append(entries: Sequence[Entry]) -> None:
    """Store new entries."""
    if connection.vendor == "sqlite":
        Entry.objects.bulk_create(entries)
    elif entries:
        rows = [[getattr(entry, name) for name in COLUMNS] for entry in entries]
        insert_many("messaging_entry", COLUMNS, rows)


def grow(groups: Sequence[Group]) -> None:
    """Store how far groups have grown: their `head` and `chain`."""
    if connection.vendor == "sqlite":
        Group.objects.bulk_update(groups, ["head", "chain"])
    elif groups:
        told = ((one.circle_id, one.head, bytes(one.chain)) for one in groups)
        with connection.cursor() as cursor:
            cursor.execute(_GROW, [list(values) for values in zip(*told, strict=True)])
