"""
Events recorded so far get their leaf; then the database itself holds the log's rules.

What each rule says stands in audit/models.py. On PostgreSQL the triggers are ALWAYS: a session
that calls itself a replica does not switch them off.
"""

import secrets

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from audit import commitments

FIXED = "audit: an event can be neither changed nor deleted"
# table: what is refused outright; and what is refused unless a condition holds
REFUSED = {
    "audit_waiting": ("UPDATE",),
    "audit_log": ("DELETE",),
    "audit_logentry": ("UPDATE", "DELETE"),
    "audit_tile": ("DELETE",),
    "audit_signedcheckpoint": ("UPDATE", "DELETE"),
}
# A change of a log: it grows, or it is closed. {same} is IS on SQLite.
LOG_GROWS = (
    "NEW.id {same} OLD.id AND NEW.name {same} OLD.name AND NEW.origin {same} OLD.origin"
    " AND NEW.opened_at {same} OLD.opened_at AND NEW.vkey {same} OLD.vkey"
    " AND NEW.size >= OLD.size AND (NEW.size > OLD.size OR NEW.root {same} OLD.root)"
    " AND NOT OLD.closed"
)
TILE_GROWS = (
    "NEW.id {same} OLD.id AND NEW.log_id {same} OLD.log_id AND NEW.level {same} OLD.level"
    " AND NEW.number {same} OLD.number AND length(NEW.data) >= length(OLD.data)"
    " AND substr(NEW.data, 1, length(OLD.data)) {same} OLD.data"
)
HAS_ENTRY = "EXISTS (SELECT 1 FROM audit_logentry e WHERE e.event_id = OLD.event_id)"
IS_ERASED = (
    "OLD.salt IS NOT NULL AND NEW.salt IS NULL AND NEW.payload IS NULL AND NEW.kind = ''"
    " AND NEW.actor = '' AND NEW.subject = '' AND NEW.states = '' AND NEW.id {same} OLD.id"
    " AND NEW.at {same} OLD.at AND NEW.leaf {same} OLD.leaf"
    " AND NEW.directory {same} OLD.directory"
)
# name, table, what, condition, words
UNLESS = (
    ("audit_log_grows", "audit_log", "UPDATE", LOG_GROWS, "audit: a log only grows"),
    ("audit_tile_grows", "audit_tile", "UPDATE", TILE_GROWS, "audit: a tile only grows"),
    ("audit_waits", "audit_waiting", "DELETE", HAS_ENTRY, "audit: an event waits for its entry"),
    ("audit_event_is_erased", "audit_auditevent", "UPDATE", IS_ERASED, FIXED),
    ("audit_event_stays", "audit_auditevent", "DELETE", "FALSE", FIXED),
)
OLD = {
    "postgresql": (
        "DROP TRIGGER audit_event_is_append_only ON audit_auditevent",
        "DROP TRIGGER audit_event_is_never_truncated ON audit_auditevent",
        "DROP FUNCTION audit_refuse",
    ),
    "sqlite": (
        "DROP TRIGGER IF EXISTS audit_event_is_not_updated",
        "DROP TRIGGER IF EXISTS audit_event_is_not_deleted",
    ),
}
QUEUE = "INSERT INTO audit_waiting (event_id) VALUES (NEW.id);"


def backfill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Lift the old guards and give salt, seal, leaf and a place in the queue to what is there."""
    for statement in OLD[editor.connection.vendor]:
        editor.execute(statement)
    events = apps.get_model("audit", "AuditEvent").objects
    waiting = apps.get_model("audit", "Waiting").objects
    directory = {
        f"directory.{what}"
        for what in (
            "statement.entered",
            "device.registered",
            "state.entered",
            "office.entered",
            "person.entered",
        )
    }
    secret = settings.EVENTS_SECRET
    for row in events.order_by("id").iterator(1000):
        payload, row.salt = bytes(row.payload), secrets.token_bytes(commitments.SALT)
        row.leaf = commitments.leaf_of(
            payload,
            salt=row.salt,
            states=row.states.split(",") if row.states else (),
            time=int(row.at.timestamp()),
            secret=secret,
        )
        row.payload = commitments.seal(payload, salt=row.salt, secret=secret)
        row.directory = row.kind in directory
        row.save()
        waiting.create(event_id=row.pk)


def guard(_: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Install the triggers of this database."""
    if editor.connection.vendor == "postgresql":
        for statement in _postgresql():
            editor.execute(statement, None)  # no parameters: a % in it is one
    else:
        for statement in _sqlite():
            editor.execute(statement)


def _postgresql() -> list[str]:
    made = [
        "CREATE FUNCTION audit_queue() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {QUEUE} RETURN NULL; END $$",
        "CREATE TRIGGER audit_queued AFTER INSERT ON audit_auditevent"
        " FOR EACH ROW EXECUTE FUNCTION audit_queue()",
        "ALTER TABLE audit_auditevent ENABLE ALWAYS TRIGGER audit_queued",
    ]
    for name, table, what, condition, words in UNLESS:
        same = condition.format(same="IS NOT DISTINCT FROM")
        row = "NEW" if what == "UPDATE" else "OLD"
        made += [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {same} THEN RETURN {row}; END IF; RAISE EXCEPTION '{words}'; END $$",
            f"CREATE TRIGGER {name} BEFORE {what} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
        ]
    made.append(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'audit: % of % is refused', TG_OP, TG_TABLE_NAME; END $$"
    )
    made.append(
        "CREATE FUNCTION audit_refuse_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{FIXED}'; END $$"
    )
    for table, what in REFUSED.items():
        made += [
            f"CREATE TRIGGER {table}_kept BEFORE {' OR '.join(what)} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_kept",
        ]
    for table in (*REFUSED, "audit_auditevent"):
        function = "audit_refuse_event" if table == "audit_auditevent" else "audit_refuse"
        made += [
            f"CREATE TRIGGER {table}_never_truncated BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_never_truncated",
        ]
    return made


def _sqlite() -> list[str]:
    made = [f"CREATE TRIGGER audit_queued AFTER INSERT ON audit_auditevent BEGIN {QUEUE} END"]
    for name, table, what, condition, words in UNLESS:
        same = condition.format(same="IS")
        made.append(
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} WHEN NOT ({same})"
            f" BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )
    for table, refused in REFUSED.items():
        for what in refused:
            made.append(
                f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, 'audit: {what} of {table} is refused'); END"
            )
    return made


class Migration(migrations.Migration):
    """From here on the log's rules hold without our code."""

    dependencies = (("audit", "0003_trees"),)
    operations = (
        migrations.RunPython(backfill, elidable=False),
        migrations.RunPython(guard, elidable=False),
    )
