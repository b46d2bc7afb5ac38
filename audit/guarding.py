"""
On PostgreSQL: no commit in which an act's table changed without an event of the same transaction.

The NOT NULL UNIQUE reference of a head row asks for an event's id; any number would do. These
deferred triggers ask more, when the transaction commits:

- a row that is new, or brings a new event id, names an event that this transaction has written;
- any other change of a row, but for columns that are signals, happens in a transaction that has
  written some event.

In a group commit the second would be satisfied by one event for fifty acts: it is the second net.
SQLite has no deferred triggers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# The queue is nobody's to write: whoever inserts an event does it as the tables' owner. No dump
# without grants has this.
REVOKED = "REVOKE EXECUTE ON FUNCTION audit_queue() FROM PUBLIC"

# Rows that a transaction, savepoints among it, has written are the only ones that are visible to
# it and of a transaction "in progress". An older 32-bit id may have come round: it lies before.
FUNCTIONS = (
    """
    CREATE FUNCTION audit_written_now(event bigint) RETURNS boolean LANGUAGE sql AS $$
        WITH written AS (
            SELECT xmin::text::bigint AS id, pg_current_xact_id()::text::numeric AS now
            FROM audit_auditevent WHERE audit_auditevent.id = event
        ), told AS (
            SELECT now, (id - mod(now, 4294967296)::bigint + 4294967296) % 4294967296 AS after
            FROM written
        )
        SELECT coalesce(bool_or(
            after < 2147483648
            AND pg_xact_status((now + after)::text::xid8) = 'in progress'
        ), false) FROM told
    $$
    """,
    "ALTER FUNCTION audit_queue() SECURITY DEFINER",
    REVOKED,
    # An event of this transaction, for those rows that name none. Undone with the savepoint, and
    # gone with the transaction. Anybody may set it: that it was written now is looked up again.
    """
    CREATE FUNCTION audit_acts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM set_config('casehub.acting', (SELECT max(id) FROM written)::text, true);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER audit_acting AFTER INSERT ON audit_auditevent
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION audit_acts()
    """,
    "ALTER TABLE audit_auditevent ENABLE ALWAYS TRIGGER audit_acting",
    """
    CREATE FUNCTION audit_demand() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        signals text[] := TG_ARGV[0]::text[];
    BEGIN
        IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - signals = to_jsonb(NEW) - signals THEN
            RETURN NULL;
        END IF;
        IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND OLD.audit_event_id <> NEW.audit_event_id THEN
            IF audit_written_now(NEW.audit_event_id) THEN
                RETURN NULL;
            END IF;
        ELSIF audit_written_now(nullif(current_setting('casehub.acting', true), '')::bigint) THEN
            RETURN NULL;
        END IF;
        RAISE EXCEPTION 'audit: % of % without an event', TG_OP, TG_TABLE_NAME;
    END $$
    """,
)


# What 0014 puts in the place of some of them: less for each act to pay.
CHEAPER = (
    "DROP TRIGGER audit_queued ON audit_auditevent",
    "DROP TRIGGER audit_acting ON audit_auditevent",
    "DROP FUNCTION audit_acts()",
    # One call for each statement, however many events it writes.
    """
    CREATE OR REPLACE FUNCTION audit_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        INSERT INTO audit_waiting (event_id) SELECT id FROM written;
        PERFORM set_config('casehub.acting', (SELECT max(id) FROM written)::text, true);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER audit_queued AFTER INSERT ON audit_auditevent
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION audit_queue()
    """,
    "ALTER TABLE audit_auditevent ENABLE ALWAYS TRIGGER audit_queued",
    # Nearly every event is written by the transaction itself: that is one look at one row. Only
    # one that a savepoint has written has another number, and is asked for the long way.
    """
    CREATE OR REPLACE FUNCTION audit_demand() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        signals text[];
        wanted bigint;
    BEGIN
        IF TG_OP = 'INSERT' THEN
            wanted := NEW.audit_event_id;
        ELSE
            IF TG_OP = 'UPDATE' THEN
                signals := TG_ARGV[0]::text[];
                IF to_jsonb(OLD) - signals = to_jsonb(NEW) - signals THEN
                    RETURN NULL;
                END IF;
            END IF;
            IF TG_OP = 'UPDATE' AND OLD.audit_event_id <> NEW.audit_event_id THEN
                wanted := NEW.audit_event_id;
            ELSE
                wanted := nullif(current_setting('casehub.acting', true), '')::bigint;
            END IF;
        END IF;
        PERFORM FROM audit_auditevent v
            WHERE v.id = wanted AND v.xmin = pg_current_xact_id()::xid;
        IF FOUND OR audit_written_now(wanted) THEN
            RETURN NULL;
        END IF;
        RAISE EXCEPTION 'audit: % of % without an event', TG_OP, TG_TABLE_NAME;
    END $$
    """,
)


def make_cheaper(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Install them, and say again which tables they mean: a function that is replaced forgets."""
    if editor.connection.vendor == "postgresql":
        for statement in CHEAPER:
            editor.execute(statement, None)
        fix_names(apps, editor)


def prepare(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Install what the triggers call."""
    if editor.connection.vendor == "postgresql":
        for statement in FUNCTIONS:
            editor.execute(statement, None)  # no parameters: a % in it is one


def fix_names(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """
    Let the log's functions find the log's tables, and no others.

    A session's own temporary table would be found before them, by a function that runs with
    its owner's rights too, unless temporary tables are said to come last.
    """
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        ((schema,),) = cursor.fetchall()
        cursor.execute(
            "SELECT proname, pg_get_function_identity_arguments(oid) FROM pg_proc"
            " WHERE pronamespace = %s::regnamespace AND proname LIKE 'audit\\_%%'",
            [schema],
        )
        for name, arguments in cursor.fetchall():
            editor.execute(
                f'ALTER FUNCTION {name}({arguments}) SET search_path = "{schema}", pg_temp'
            )


def guarded(tables: Mapping[str, Sequence[str]]) -> migrations.RunPython:
    """
    Return the step of a migration that guards an app's head rows.

    `tables` names each, and its columns that are signals: those change without an event.
    """

    def install(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            return
        for table, signals in tables.items():
            columns = ",".join(signals)
            editor.execute(
                f"CREATE CONSTRAINT TRIGGER {table}_has_event AFTER INSERT OR UPDATE OR DELETE"
                f" ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                f" EXECUTE FUNCTION audit_demand('{{{columns}}}')"
            )
            editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_has_event")

    return migrations.RunPython(install, elidable=False)
