"""How long an event waits is told by the database's clock, not by what its act says of itself."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.functions import Now

# SQLite makes a table anew that gets such a column: its triggers go with it, and one that names it
# would stand in the way meanwhile. Which they are, and what they say, the database knows itself.
NAMED = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%audit_waiting%'"
_lifted: list[str] = []


def lift(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the queue's triggers away, on SQLite."""
    if editor.connection.vendor != "sqlite":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute(NAMED)
        for name, text in cursor.fetchall():
            _lifted.append(text)
            editor.execute(f'DROP TRIGGER "{name}"')


def put_back(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put them back as they were, in the same transaction."""
    while _lifted:
        editor.execute(_lifted.pop())


class Migration(migrations.Migration):
    """What waits now counts from now; an entry made before this has no such time."""

    dependencies = (("audit", "0010_events_by_id_only"),)
    operations = (
        migrations.RunPython(lift, elidable=False),
        migrations.AddField("waiting", "since", models.DateTimeField(db_default=Now())),
        migrations.RunPython(put_back, elidable=False),
        migrations.AddField("logentry", "queued_at", models.DateTimeField(null=True)),
    )
