"""The database itself refuses to change or forget an event, on PostgreSQL and on SQLite."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRES = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit: an event can be neither changed nor deleted';
END $$;
CREATE TRIGGER audit_event_is_append_only BEFORE UPDATE OR DELETE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_event_is_never_truncated BEFORE TRUNCATE ON audit_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
-- ALWAYS: a session that calls itself a replica does not switch them off.
ALTER TABLE audit_auditevent ENABLE ALWAYS TRIGGER audit_event_is_append_only;
ALTER TABLE audit_auditevent ENABLE ALWAYS TRIGGER audit_event_is_never_truncated;
"""
SQLITE = """
CREATE TRIGGER audit_event_is_not_updated BEFORE UPDATE ON audit_auditevent
BEGIN SELECT RAISE(ABORT, 'audit: an event can be neither changed nor deleted'); END;
CREATE TRIGGER audit_event_is_not_deleted BEFORE DELETE ON audit_auditevent
BEGIN SELECT RAISE(ABORT, 'audit: an event can be neither changed nor deleted'); END;
"""


def guard(_: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Install the triggers of this database."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRES)
        return
    for statement in SQLITE.strip().split("END;"):
        if statement.strip():
            editor.execute(statement + "END;")


class Migration(migrations.Migration):
    """Append-only from the first row."""

    dependencies = (("audit", "0001_initial"),)
    operations = (migrations.RunPython(guard, elidable=False),)
