"""
Emptying tables between tests that commit, although the log refuses UPDATE and DELETE.

Django empties them with DELETE (SQLite) or TRUNCATE (PostgreSQL). The triggers that make the log
append-only stand aside for that one step and are back before the next test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def stepping_aside(connection: Any) -> Callable[..., list[str]]:
    """Return a `sql_flush` that lifts user triggers, empties, and restores them."""
    flush = connection.ops.sql_flush

    def sql_flush(style: Any, tables: list[str], **options: Any) -> list[str]:
        before, after = (
            _sqlite(connection) if connection.vendor == "sqlite" else _postgresql(connection)
        )
        return [*before, *flush(style, tables, **options), *after]

    return sql_flush


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Let the body do what an operator with all rights on the database can do: no trigger acts."""
    before, after = (
        _sqlite(connection) if connection.vendor == "sqlite" else _postgresql(connection)
    )
    with connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
        try:
            yield
        finally:
            for statement in after:
                cursor.execute(statement)


def _sqlite(connection: Any) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    return [f'DROP TRIGGER "{name}";' for name, _ in triggers], [sql + ";" for _, sql in triggers]


def _postgresql(connection: Any) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname), tgenabled = 'A'"
            " FROM pg_trigger WHERE NOT tgisinternal"
        )
        triggers = cursor.fetchall()
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER {name};" for table, name, _ in triggers],
        [
            # A plain ENABLE would take ALWAYS away, and with it what replicas may not do.
            f"ALTER TABLE {table} ENABLE {'ALWAYS ' if always else ''}TRIGGER {name};"
            for table, name, always in triggers
        ],
    )
