"""PostgreSQL as production starts it: what was sent is not repeated in its log."""

from __future__ import annotations

import pytest
from django.db import connection

from casehub.backups import databases
from casehub.edge.management.commands import serve


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


@pytest.fixture
def addressed(db, monkeypatch):
    """Return `addressed(said)`: a connection of its own, to an address that says so much more."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is a file")
    made = []

    def one(**said):
        other = connection.copy()
        options = {**other.settings_dict["OPTIONS"], **said}
        options.pop("pool", None)
        other.settings_dict["OPTIONS"] = options
        made.append(other)
        return other

    yield one
    for other in made:
        other.close()


def test_a_server_keeps_what_its_address_says_beside_how_long_it_waits_for_rows(
    addressed, monkeypatch
):
    other = addressed(options="-c statement_timeout=9s")
    monkeypatch.setattr(serve, "connection", other)
    serve.wait_for_rows_so_long()
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
        )
        assert cursor.fetchone() == ("9s", f"{serve.HELD_SECONDS}s")


def test_the_programs_of_a_backup_are_told_the_same(addressed, monkeypatch, tmp_path):
    monkeypatch.setattr(
        databases, "connection", addressed(sslmode="verify-full", connect_timeout=9)
    )
    told = databases._service(tmp_path).read_text().splitlines()
    assert {"sslmode=verify-full", "connect_timeout=9"} <= set(told)
    # Whoever takes a dump in may read nothing for a while, on a line that lives.
    assert not [line for line in told if line.startswith(("tcp_user_timeout", "prepare"))]
