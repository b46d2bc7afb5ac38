"""Bytes of each event: what the database keeps, and what everybody may fetch."""

from __future__ import annotations

from typing import Any

from audit.packing import unpack_leaf
from audit.tlog import tiles

# What each table is for; the last is for the auditors' search, not for the log itself.
TABLES = {
    "audit_auditevent": "events, sealed",
    "audit_logentry": "entries",
    "audit_tile": "tiles",
    "audit_waiting": "outbox",
    "audit_concern": "what auditors search by",
}


def show(connection: Any) -> tuple[float, float]:
    """Print bytes for each event by table; return the sum, and what is published of each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_logentry")
        ((count,),) = cursor.fetchall()
        total = 0.0
        print(f"  {'':26} {'rows':>8} {'indexes':>8}  B/event, of {count:,} entries")
        for table, what in TABLES.items():
            cursor.execute(
                "SELECT pg_table_size(%s::regclass), pg_indexes_size(%s::regclass)", [table, table]
            )
            ((rows, indexes),) = cursor.fetchall()
            total += (rows + indexes) / count
            print(f"  {what:26} {rows / count:8.0f} {indexes / count:8.0f}")
        cursor.execute("SELECT leaf FROM audit_logentry ORDER BY id DESC LIMIT 1000")
        shown = [len(unpack_leaf(bytes(leaf))) for (leaf,) in cursor.fetchall()]
        cursor.execute("SELECT sum(length(data)) FROM audit_tile")
        ((hashes,),) = cursor.fetchall()
    published = sum(shown) / max(1, len(shown)) + len(tiles.bundle([b""])) + float(hashes) / count
    print(f"  {'all of it':26} {total:17.0f}   published: {published:.0f}")
    return total, published
