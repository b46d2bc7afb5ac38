"""
Many rows in one statement whose text does not grow with them (PostgreSQL).

With a placeholder for each value Django writes some thousand of them, psycopg looks for them anew
each time, and PostgreSQL plans a statement that it has never seen. Here each column is one array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection


def insert_many(
    table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], *, returning: str = ""
) -> list[Any]:
    """
    Store rows, one at the least, and return of each what is to be returned, or nothing.

    `columns` are names with their PostgreSQL types, in the order of the values in a row, which are
    as the database takes them. What the database numbers is numbered in the order of the rows; it
    may be returned in any.
    """
    statement = _statement(table, tuple(columns.items()), returning)
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(values) for values in zip(*rows, strict=True)])
        return [value for (value,) in cursor.fetchall()] if returning else []


@lru_cache(maxsize=16)
def _statement(table: str, columns: tuple[tuple[str, str], ...], returning: str) -> str:
    names = ", ".join(f'"{name}"' for name, _ in columns)
    arrays = ", ".join(f"%s::{kind}[]" for _, kind in columns)
    return (
        f'INSERT INTO "{table}" ({names})'  # noqa: S608 - names of ours
        f' SELECT {names} FROM unnest({arrays}) WITH ORDINALITY AS rows({names}, "row")'
        ' ORDER BY "row"' + (f' RETURNING "{returning}"' if returning else "")
    )
