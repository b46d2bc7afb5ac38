"""What every test may ask for. Settings come from tests/settings.py, before Django loads."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection

from tests import emptying, savepoints

pytest_plugins = ["tests.servers.fixtures"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """The test database, whose append-only log still can be emptied between tests."""
    flush, cursor = connection.ops.sql_flush, connection.create_cursor
    connection.ops.sql_flush = emptying.stepping_aside(connection)
    if connection.vendor == "postgresql":
        connection.create_cursor = savepoints.joining(connection)
    with emptying.writing_nothing_anew():
        yield
    connection.ops.sql_flush, connection.create_cursor = flush, cursor


@pytest.fixture
def now() -> datetime:
    """One fixed instant, inside every demo statement's validity."""
    return datetime(2026, 11, 24, 15, 0, 0, tzinfo=UTC)


@pytest.fixture
def recorded(db):
    """
    Return `recorded(*kinds)`: a context that asserts exactly these audit events, in this order.

    With no kinds it asserts silence. It also holds when the body raises, so a refusal's trace is
    asserted in the same line.
    """
    from audit import queries  # noqa: PLC0415 - models need the app registry

    @contextmanager
    def exactly(*kinds: str):
        before = queries.last_id()
        try:
            yield
        finally:
            assert queries.kinds_since(before) == list(kinds)

    return exactly
