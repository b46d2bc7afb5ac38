"""What a database is made of, in words that two ways of making it can be compared by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

OURS = frozenset({"audit", "casehub", "messaging", "requests_mla"})
#  A name that Django or PostgreSQL made up says nothing; those that we gave do.
POSTGRESQL = {
    "column": "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,"
    " column_default, is_identity FROM information_schema.columns"
    " WHERE table_schema = current_schema()",
    "constraint": "SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid),"
    " condeferrable, condeferred, CASE WHEN contype = 'c' THEN conname END FROM pg_constraint"
    " WHERE connamespace = current_schema()::regnamespace AND conrelid <> 0 AND contype <> 't'",
    "index": r"SELECT regexp_replace(indexdef, 'INDEX \S+ ON', 'INDEX ON') FROM pg_indexes"
    " WHERE schemaname = current_schema()",
    "trigger": "SELECT pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "function": "SELECT proname, pg_get_functiondef(oid) FROM pg_proc"
    " WHERE pronamespace = current_schema()::regnamespace",
    "relation": "SELECT relname, relkind::text, reloptions FROM pg_class"
    " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'S', 'v')",
}
SQLITE = {
    "index": "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "trigger": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'",
}


class AsBefore(MigrationLoader):
    """Knows of no migration of ours that is there in place of others."""

    def load_disk(self) -> None:
        """Load all, and leave those out."""
        super().load_disk()
        for key, one in list(self.disk_migrations.items()):
            if one.replaces and type(one).__module__.split(".")[0] in OURS:
                del self.disk_migrations[key]


def migrate_the_long_way(*, until: tuple[str, str]) -> None:
    """Migrate as before there were such; of one app no further than `until`: its label, a name."""
    executor = MigrationExecutor(connection)
    executor.loader = AsBefore(connection)
    ends = [end for end in executor.loader.graph.leaf_nodes() if end[0] != until[0]]
    executor.migrate([*ends, until])


def told() -> list[str]:
    """Return columns, constraints, indexes, triggers and functions, a line each."""
    asked = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        lines = [f"{what} {row}" for what, sql in asked.items() for row in rows(cursor, sql)]
        if connection.vendor == "sqlite":
            lines += sqlite_columns(cursor)
    return sorted(lines)


def rows(cursor: Any, sql: str) -> list[tuple[Any, ...]]:
    """Return what a statement finds."""
    cursor.execute(sql)
    return list(cursor.fetchall())


def sqlite_columns(cursor: Any) -> Iterator[str]:
    """Yield what stands between the outer brackets of each table, in no order of its own."""
    for name, sql in rows(cursor, "SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
        depth, part = 0, ""
        for sign in sql[sql.index("(") + 1 : sql.rindex(")")] + ",":
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if sign == "," and depth == 0:
                yield f"part {name} {' '.join(part.split())}"
                part = ""
            else:
                part += sign
