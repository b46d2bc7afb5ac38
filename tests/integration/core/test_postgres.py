"""PostgreSQL as production starts it: what was sent is not repeated in its log."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "value"), [("log_min_error_statement", "panic"), ("log_error_verbosity", "terse")]
)
def test_of_what_is_refused_neither_statement_nor_detail_is_written_down(setting, value):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no log")
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        assert cursor.fetchone() == (value,)
