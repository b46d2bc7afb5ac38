"""Notices have numbers, and a State takes note of all up to one."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from audit.guarding import guarded

GUARD = "directory_notice_has_event"


def number(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Number what there is in the order of its events; that is no act, so nothing asks for one."""
    guards = editor.connection.vendor == "postgresql" and _guarded(editor)
    if guards:
        editor.execute(f"ALTER TABLE directory_notice DISABLE TRIGGER {GUARD}")
    editor.execute("UPDATE directory_notice SET number = audit_event_id")
    if guards:
        editor.execute(f"ALTER TABLE directory_notice ENABLE ALWAYS TRIGGER {GUARD}")


def _guarded(editor: BaseDatabaseSchemaEditor) -> bool:
    """Say whether designations have been here already: it is they who guard notices."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_trigger WHERE tgname = %s", [GUARD])
        return cursor.fetchone() is not None


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_acts_have_events'),
        ('directory', '0007_clock_stops_nobody'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='number',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='notice',
            name='number',
            field=models.PositiveBigIntegerField(unique=True),
        ),
        migrations.CreateModel(
            name='NoticesAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.state')),
                ('upto', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers_upto', to='directory.notice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('upto', 'state'), name='one_answer_upto_per_state')],
            },
        ),
        guarded({"directory_noticesanswer": ()}),
    ]
