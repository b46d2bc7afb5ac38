"""
Emptying tables between tests that commit, although the log refuses UPDATE and DELETE.

Django empties them with DELETE (SQLite) or TRUNCATE (PostgreSQL). The triggers that make the log
append-only stand aside for that one step and are back before the next test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import flush


def stepping_aside(connection: Any) -> Callable[..., list[str]]:
    """
    Return a `sql_flush` that lifts user triggers, empties, and restores them.

    Of the hundred tables a test fills a few: only those are touched, which is most of the speed of
    the tests that commit.
    """

    def sql_flush(style: Any, tables: list[str], **options: Any) -> list[str]:
        del style, options
        filled = _filled(connection, tables)
        before, after = _triggers(connection, filled)
        emptied = [f"DELETE FROM {connection.ops.quote_name(table)};" for table in filled]
        # What the foreign keys ask at the end is asked here: triggers cannot change before it.
        settled = ["SET CONSTRAINTS ALL IMMEDIATE;"] if connection.vendor == "postgresql" else []
        return [*before, *emptied, *settled, *after] if filled else []

    return sql_flush


@contextmanager
def writing_nothing_anew() -> Iterator[None]:
    """
    Let Django write nothing after an emptying, where it would write a row for each model.

    Nobody here asks for those, and they took most of the time of a test that commits.
    """
    after = flush.emit_post_migrate_signal
    flush.emit_post_migrate_signal = lambda *_, **__: None
    try:
        yield
    finally:
        flush.emit_post_migrate_signal = after


def _filled(connection: Any, tables: list[str]) -> list[str]:
    """Return those tables that hold any row."""
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Let the body do what an operator with all rights on the database can do: no trigger acts."""
    before, after = _triggers(connection)
    with connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
        try:
            yield
        finally:
            for statement in after:
                cursor.execute(statement)


def _triggers(connection: Any, tables: list[str] | None = None) -> tuple[list[str], list[str]]:
    """Return how to lift the triggers of tables (all without any named), and to restore them."""
    read = _sqlite if connection.vendor == "sqlite" else _postgresql
    found = [one for one in read(connection) if tables is None or one[0] in tables]
    return [lift for _, lift, _ in found], [restore for _, _, restore in found]


def _sqlite(connection: Any) -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    return [(table, f'DROP TRIGGER "{name}";', f"{sql};") for table, name, sql in triggers]


def _postgresql(connection: Any) -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname), tgenabled = 'A'"
            " FROM pg_trigger WHERE NOT tgisinternal"
        )
        triggers = cursor.fetchall()
    return [
        (
            table,
            f"ALTER TABLE {table} DISABLE TRIGGER {name};",
            # A plain ENABLE would take ALWAYS away, and with it what replicas may not do.
            f"ALTER TABLE {table} ENABLE {'ALWAYS ' if always else ''}TRIGGER {name};",
        )
        for table, name, always in triggers
    ]
