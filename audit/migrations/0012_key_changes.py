"""A log's key may follow another, with the word of both, or a log another log; and the guards."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from audit import guarding

TABLE = "audit_keychange"
NEXT = "audit_succession"
WORDS = "audit: a change of keys only gets its entry"
# The sequencer says where it stands, once: in the directory's log, as an entry of nobody's act.
IS_PLACED = (
    "OLD.entry_id IS NULL AND NEW.id {same} OLD.id AND NEW.log_id {same} OLD.log_id"
    " AND NEW.old {same} OLD.old AND NEW.new {same} OLD.new AND NEW.note {same} OLD.note"
    " AND NEW.starts_at {same} OLD.starts_at AND NEW.ends_at {same} OLD.ends_at"
    " AND NEW.leaf {same} OLD.leaf AND NEW.audit_event_id {same} OLD.audit_event_id"
    " AND EXISTS (SELECT 1 FROM audit_logentry e JOIN audit_log l ON l.id = e.log_id"
    " WHERE e.id = NEW.entry_id AND e.leaf = OLD.leaf AND e.event_id IS NULL AND l.name = 'dir')"
)
# A new one begins without a place, at an open log, at the key that this log has.
FOLLOWS = (
    "NEW.entry_id IS NULL AND NEW.old <> NEW.new"
    " AND EXISTS (SELECT 1 FROM audit_log l WHERE l.id = NEW.log_id AND NOT l.closed"
    " AND NEW.old = coalesce((SELECT c.new FROM audit_keychange c WHERE c.log_id = l.id"
    " ORDER BY c.id DESC LIMIT 1), l.vkey))"
)
STARTS = "audit: a key follows the one that its log has"


def guard(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A statement is neither changed nor deleted, and each follows the one before."""
    if editor.connection.vendor != "postgresql":
        for name, what, condition, words in (
            ("is_placed", "UPDATE", IS_PLACED, WORDS),
            ("follows", "INSERT", FOLLOWS, STARTS),
        ):
            editor.execute(
                f"CREATE TRIGGER {TABLE}_{name} BEFORE {what} ON {TABLE}"
                f" WHEN NOT ({condition.format(same='IS')})"
                f" BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        for table, what in ((TABLE, "DELETE"), (NEXT, "UPDATE"), (NEXT, "DELETE")):
            editor.execute(
                f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, 'audit: {what} of {table} is refused'); END"
            )
        return
    made = []
    for name, what, condition, words in (
        ("is_placed", "UPDATE", IS_PLACED, WORDS),
        ("follows", "INSERT", FOLLOWS, STARTS),
    ):
        condition = condition.format(same="IS NOT DISTINCT FROM")
        made += [
            f"CREATE FUNCTION {TABLE}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {condition} THEN RETURN NEW; END IF; RAISE EXCEPTION '{words}'; END $$",
            f"CREATE TRIGGER {TABLE}_{name} BEFORE {what} ON {TABLE}"
            f" FOR EACH ROW EXECUTE FUNCTION {TABLE}_{name}()",
            f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_{name}",
        ]
    for table, name, what, each in (
        (TABLE, "kept", "DELETE", "ROW"),
        (NEXT, "kept", "UPDATE OR DELETE", "ROW"),
        (TABLE, "never_truncated", "TRUNCATE", "STATEMENT"),
        (NEXT, "never_truncated", "TRUNCATE", "STATEMENT"),
    ):
        made += [
            f"CREATE TRIGGER {table}_{name} BEFORE {what} ON {table}"
            f" FOR EACH {each} EXECUTE FUNCTION audit_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}",
        ]
    for statement in made:
        editor.execute(statement, None)


class Migration(migrations.Migration):
    """The first key of a log stays where it was: in the log's own row, which does not change."""

    dependencies = (("audit", "0011_queued_by_the_databases_clock"),)
    operations = [
        migrations.CreateModel(
            name='KeyChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old', models.CharField(max_length=300)),
                ('new', models.CharField(max_length=300, unique=True)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('note', models.TextField()),
                ('leaf', models.BinaryField()),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='audit.logentry')),
                ('log', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='audit.log')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('log', 'old'), name='audit_one_key_follows_one')],
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(max_length=128, unique=True)),
                ('vkey', models.CharField(max_length=300)),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('log', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='audit.log')),
            ],
        ),
        migrations.RunPython(guard, elidable=False),
        guarding.guarded({TABLE: ("entry_id",), NEXT: ()}),
        migrations.RunPython(guarding.fix_names, elidable=False),
    ]
