"""What a State's auditors search by: a row for each State that an entry concerns, and its guards."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "audit_concern"
MANY = 2000
WORDS = "audit: a concern loses only what an erasure takes"
IS_ERASED = (
    "NEW.kind = '' AND NEW.actor = '' AND NEW.subject = '' AND NEW.id {same} OLD.id"
    " AND NEW.state {same} OLD.state AND NEW.at {same} OLD.at"
    " AND NEW.entry_id {same} OLD.entry_id"
    " AND EXISTS (SELECT 1 FROM audit_logentry e JOIN audit_auditevent v ON v.id = e.event_id"
    " WHERE e.id = OLD.entry_id AND v.salt IS NULL)"
)


def list_what_is_there(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """
    List the entries made so far.

    Of an erased one nobody knows any more whom it concerned: it is listed for the region.
    """
    entries = apps.get_model("audit", "LogEntry").objects
    concern = apps.get_model("audit", "Concern")
    rows = []
    acts = entries.filter(log__name="acts", event__isnull=False).order_by("id")
    for entry in acts.select_related("event").iterator(MANY):
        event = entry.event
        rows += [
            concern(
                state=state,
                at=event.at,
                entry_id=entry.id,
                kind=event.kind,
                actor=event.actor,
                subject=event.subject,
            )
            for state in dict.fromkeys(event.states.split(","))
        ]
        if len(rows) >= MANY:
            concern.objects.bulk_create(rows)
            rows = []
    concern.objects.bulk_create(rows)


def guard(_: object, editor: BaseDatabaseSchemaEditor) -> None:
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
        f"CREATE FUNCTION {TABLE}_is_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {condition} THEN RETURN NEW; END IF; RAISE EXCEPTION '{WORDS}'; END $$",
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


class Migration(migrations.Migration):
    """From here on the auditors of a State find what concerns it without a search through all."""

    dependencies = (("audit", "0006_acts_have_events"),)
    operations = [
        migrations.CreateModel(
            name='Concern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(blank=True, max_length=2)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(blank=True, max_length=64)),
                ('actor', models.CharField(blank=True, max_length=64)),
                ('subject', models.CharField(blank=True, max_length=64)),
                ('entry', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='audit.logentry')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'at', 'entry'], include=('kind', 'actor', 'subject'), name='audit_concern_at'), models.Index(fields=['state', 'kind', 'at', 'entry'], name='audit_concern_kind'), models.Index(fields=['state', 'actor', 'at', 'entry'], name='audit_concern_actor'), models.Index(fields=['state', 'subject', 'at', 'entry'], name='audit_concern_subject')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'state'), name='audit_one_concern_a_state')],
            },
        ),
        migrations.RunPython(list_what_is_there, elidable=False),
        migrations.RunPython(guard, elidable=False),
    ]
