"""Each table that the log rests on is guarded by the database, also one that a migration adds."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from audit.models import AuditEvent, Log, Tile

KEPT = {
    *("audit_auditevent", "audit_waiting", "audit_log", "audit_logentry", "audit_concern"),
    *("audit_keychange", "audit_succession", "audit_tile", "audit_signedcheckpoint"),
    *("audit_publishedcheckpoint", "audit_dispute"),
}
# What is being asked of witnesses now, and how they were last seen; the lines that count stand in
# the published checkpoints.
PASSING = {"audit_submission", "audit_cosignature", "audit_sighting"}
ROW, BEFORE, DELETE, UPDATE, TRUNCATE = 1, 2, 8, 16, 32  # bits of pg_trigger.tgtype


def on_postgresql(table):
    """Return what triggers guard a table against, those alone that replicas obey as well."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'A'",
            [table],
        )
        found = [kind for (kind,) in cursor.fetchall() if kind & BEFORE]
    bits = {"UPDATE": UPDATE | ROW, "DELETE": DELETE | ROW, "TRUNCATE": TRUNCATE}
    return {what for what, bit in bits.items() if any(kind & bit == bit for kind in found)}


def on_sqlite(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        found = [sql for (sql,) in cursor.fetchall()]
    return {what for what in ("UPDATE", "DELETE") if any(f"BEFORE {what}" in one for one in found)}


def test_each_table_is_said_to_be_kept_or_not(db):
    models = apps.get_app_config("audit").get_models()
    assert {model._meta.db_table for model in models} == KEPT | PASSING


@pytest.mark.parametrize("table", sorted(KEPT))
def test_the_database_guards_it(db, table):
    if connection.vendor == "postgresql":
        assert on_postgresql(table) == {"UPDATE", "DELETE", "TRUNCATE"}
    else:
        assert on_sqlite(table) == {"UPDATE", "DELETE"}


@pytest.mark.parametrize("table", sorted(KEPT))
def test_postgresql_does_not_let_it_be_emptied_at_once(db, table):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    for statement in (f"TRUNCATE {table} CASCADE", f"TRUNCATE audit_sighting, {table} CASCADE"):
        with (
            pytest.raises(DatabaseError, match=r"refused|neither changed nor deleted"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)


def test_sqlite_deletes_nothing_by_inserting_over_it(db):
    """Without this pragma INSERT OR REPLACE takes a row away past the triggers."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")
        assert cursor.fetchone() == (1,)


class TestEveryColumn:
    @pytest.mark.parametrize(
        ("model", "trigger"),
        [
            (Log, "audit_log_grows"),
            (Tile, "audit_tile_grows"),
            (AuditEvent, "audit_event_is_erased"),
        ],
    )
    def test_of_a_row_that_may_change_is_weighed_by_its_trigger(self, db, model, trigger):
        """A column that the condition does not name could be changed freely."""
        asked = "SELECT sql FROM sqlite_master WHERE name = %s"
        if connection.vendor == "postgresql":
            asked = "SELECT prosrc FROM pg_proc WHERE proname = %s"
        with connection.cursor() as cursor:
            cursor.execute(asked, [trigger])
            ((sql,),) = cursor.fetchall()
        columns = {field.column for field in model._meta.concrete_fields}
        free = {
            name for name in columns if not re.search(rf"\b(NEW|OLD)\.{name}\b", sql, re.IGNORECASE)
        }
        assert free == set(), "weigh it in a migration that makes the trigger anew"
