"""
Savepoints that go to PostgreSQL together with the statement after them.

Two of five statements of a test begin, keep or undo a savepoint. Each would be a turn of two
processes that wait for each other, and on a busy machine every turn waits for a processor. The
server gets the same statements in the same order.

Only inside the transaction that is a test's own, which is never committed, and only while it has
not failed: there, what is held back cannot fail either. Tests that commit, and servers, send each
by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

ABOUT_SAVEPOINTS = ("SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")


class Held:
    """What a connection of Django's has still to tell, of the transaction that is open."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._statements: list[str] = []
        self._within: Any = None

    def own(self) -> Any:
        """Return the transaction that is the test's own, if one is open."""
        blocks = self._connection.atomic_blocks
        return blocks[0] if blocks and getattr(blocks[0], "_from_testcase", False) else None

    def keep(self, statement: str) -> None:
        """Hold a statement back, after those that are."""
        before = self.taken()
        self._within = self.own()
        self._statements = [before, statement, "; "]

    def taken(self) -> str:
        """Return what is held, and hold it no longer; what ended with its transaction is gone."""
        said = "".join(self._statements) if self._within is self.own() else ""
        self._statements = []
        return said


def _cursors(held: Held) -> Any:
    from django.db.backends.postgresql.base import Cursor  # noqa: PLC0415 - not where only SQLite is
    from psycopg.pq import TransactionStatus  # noqa: PLC0415

    class Joined(Cursor):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            if not isinstance(query, str):
                self.settle()
                return super().execute(query, params, **options)
            sound = self.connection.info.transaction_status == TransactionStatus.INTRANS
            if query.startswith(ABOUT_SAVEPOINTS) and params is None and sound and held.own():
                held.keep(query)
                return self
            super().execute(held.taken() + query, params, **options)
            while self.nextset():
                pass  # the answer is that of the last
            return self

        def executemany(self, *asked: Any, **options: Any) -> None:
            self.settle()
            super().executemany(*asked, **options)

        def copy(self, *asked: Any, **options: Any) -> Any:
            self.settle()
            return super().copy(*asked, **options)

        def stream(self, *asked: Any, **options: Any) -> Any:
            self.settle()
            return super().stream(*asked, **options)

        def settle(self) -> None:
            if said := held.taken():
                super().execute(said)

    return Joined


def joining(connection: Any) -> Callable[..., Any]:
    """Return a `create_cursor` of a connection to PostgreSQL whose cursors hold savepoints back."""
    original, joined = connection.create_cursor, _cursors(Held(connection))

    def create_cursor(name: str | None = None) -> Any:
        connection.connection.cursor_factory = joined
        if name:  # it is declared past `execute`
            connection.connection.cursor().settle()
        return original(name)

    return create_cursor
