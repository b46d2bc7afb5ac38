"""
What auditors search by, as numbers of a few bytes; and no index of the entries that another is.

The rows are copied from those that are there, not made anew from the events: an erased event no
longer says which States it concerned.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import audit.models
from audit import guarding, marks

TABLE = "audit_concern"
MANY = 2000
WORDS = "audit: a concern loses only what an erasure takes"
IS_ERASED = (
    "NEW.kind = 0 AND NEW.actor = 0 AND NEW.subject = 0 AND NEW.state {same} OLD.state"
    " AND NEW.at {same} OLD.at AND NEW.span {same} OLD.span AND NEW.entry_id {same} OLD.entry_id"
    " AND EXISTS (SELECT 1 FROM audit_logentry e JOIN audit_auditevent v ON v.id = e.event_id"
    " WHERE e.id = OLD.entry_id AND v.salt IS NULL)"
)


def copy(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Copy each row, as it is known now."""
    del editor
    before = apps.get_model("audit", "WideConcern").objects.order_by("id")
    concern = apps.get_model("audit", "Concern")
    last = 0
    while rows := list(before.filter(id__gt=last)[:MANY]):
        concern.objects.bulk_create(
            concern(
                entry_id=row.entry_id,
                state=marks.of_state(row.state),
                span=marks.span_of(row.at),
                at=row.at,
                kind=marks.of_kind(row.kind),
                actor=marks.of_id(row.actor),
                subject=marks.of_id(row.subject),
            )
            for row in rows
        )
        last = rows[-1].id


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A concern is neither changed nor deleted; an erasure alone empties it."""
    if editor.connection.vendor != "postgresql":
        editor.execute(
            f"CREATE TRIGGER {TABLE}_is_erased BEFORE UPDATE ON {TABLE}"
            f" WHEN NOT ({IS_ERASED.format(same='IS')})"
            f" BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )
        editor.execute(
            f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE}"
            f" BEGIN SELECT RAISE(ABORT, 'audit: DELETE of {TABLE} is refused'); END"
        )
        return
    condition = IS_ERASED.format(same="IS NOT DISTINCT FROM")
    for statement in (
        f"CREATE OR REPLACE FUNCTION {TABLE}_is_erased() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {condition} THEN RETURN NEW; END IF; RAISE EXCEPTION '{WORDS}'; END $$",
        f"CREATE TRIGGER {TABLE}_is_erased BEFORE UPDATE ON {TABLE}"
        f" FOR EACH ROW EXECUTE FUNCTION {TABLE}_is_erased()",
        f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE}"
        " FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        f"CREATE TRIGGER {TABLE}_never_truncated BEFORE TRUNCATE ON {TABLE}"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
        *(
            f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_{name}"
            for name in ("is_erased", "kept", "never_truncated")
        ),
    ):
        editor.execute(statement, None)
    guarding.fix_names(apps, editor)  # a function that is replaced forgets what it looks at


def drop_indexes(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """
    Leave PostgreSQL the two indexes that find an entry by its place and by its event.

    SQLite keeps what it has: it would have to make the table anew, without its triggers.
    """
    if editor.connection.vendor != "postgresql":
        return
    table = "audit_logentry"
    with editor.connection.cursor() as cursor:
        found = editor.connection.introspection.get_constraints(cursor, table)
    for name, one in found.items():
        if one["index"] and not one["unique"] and one["columns"] in (["log_id"], ["event_id"]):
            editor.execute(f'DROP INDEX "{name}"')
    editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT audit_one_entry_an_event")
    editor.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT audit_one_entry_an_event UNIQUE (event_id, log_id)"
    )


class Migration(migrations.Migration):
    """A third of the bytes; every filter stays."""

    dependencies = (("audit", "0012_key_changes"),)
    operations = (
        migrations.RemoveIndex(model_name="concern", name="audit_concern_at"),
        migrations.RemoveIndex(model_name="concern", name="audit_concern_kind"),
        migrations.RemoveIndex(model_name="concern", name="audit_concern_actor"),
        migrations.RemoveIndex(model_name="concern", name="audit_concern_subject"),
        migrations.RenameModel("Concern", "WideConcern"),
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("pk", models.CompositePrimaryKey("entry", "state", blank=True, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor", models.BigIntegerField()),
                ("subject", models.BigIntegerField()),
                ("kind", models.IntegerField()),
                ("state", models.SmallIntegerField()),
                ("span", models.SmallIntegerField()),
                ("entry", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to="audit.logentry")),
            ],
        ),
        migrations.RunPython(copy, elidable=False),
        migrations.DeleteModel("WideConcern"),
        migrations.AddIndex("concern", models.Index(fields=["state", "span"], name="audit_concern_span")),
        migrations.AddIndex("concern", models.Index(fields=["kind", "state", "span"], name="audit_concern_of_kind")),
        migrations.AddIndex("concern", models.Index(fields=["actor", "span"], name="audit_concern_of_actor")),
        migrations.AddIndex("concern", models.Index(fields=["subject"], name="audit_concern_of_subject")),
        migrations.RunPython(guard, elidable=False),
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(drop_indexes, elidable=False)],
            [
                migrations.AlterField("logentry", "log", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="audit.log")),
                migrations.AlterField("logentry", "event", models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="audit.auditevent")),
                migrations.RemoveConstraint("logentry", "audit_one_entry_an_event"),
                migrations.AddConstraint("logentry", models.UniqueConstraint(fields=["event", "log"], name="audit_one_entry_an_event")),
                migrations.AlterField("auditevent", "leaf", audit.models.LeafField()),
                migrations.AlterField("logentry", "leaf", audit.models.LeafField()),
            ],
        ),
    )
