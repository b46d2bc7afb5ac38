"""Of who opened a file of a letter there is one row, however often they did."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Max, Min

TABLE = "requests_mla_enclosureopening"


def join(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Keep the newest row, with the first time; that is no act, so nothing asks for an event."""
    openings = apps.get_model("requests_mla", "EnclosureOpening")._base_manager
    guards = editor.connection.vendor == "postgresql"
    if guards:
        editor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {TABLE}_has_event")
    whose = openings.values("enclosure", "person")
    for one in list(whose.annotate(first=Min("at"), last=Max("at"), newest=Max("audit_event_id"))):
        rows = openings.filter(enclosure=one["enclosure"], person=one["person"])
        rows.exclude(audit_event_id=one["newest"]).delete()
        rows.update(at=one["first"], last=one["last"])
    if guards:
        editor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_has_event")


class Migration(migrations.Migration):

    dependencies = [
        ('requests_mla', '0009_enclosures'),
    ]

    operations = [
        migrations.AddField(
            model_name='enclosureopening',
            name='last',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(join, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='enclosureopening',
            name='last',
            field=models.DateTimeField(),
        ),
        migrations.RemoveIndex(
            model_name='enclosureopening',
            name='enclosure_opened',
        ),
        migrations.AddConstraint(
            model_name='enclosureopening',
            constraint=models.UniqueConstraint(fields=('enclosure', 'person'), name='enclosure_opened_once'),
        ),
    ]
