"""Designations from before functions were said carry what their people could do until then."""

from django.db import migrations, models


def keep(apps, schema_editor):
    """Let them say so, drafts too: what is nominated from here on says it (ADR 61)."""
    del schema_editor
    found = apps.get_model("designations", "Designation").objects
    found.filter(roles__contains="liaison").update(functions="focal-point")
    found.filter(roles__contains="coordinator").update(functions="focal-point,signatory")


class Migration(migrations.Migration):
    dependencies = [
        ("designations", "0006_region_and_deputy"),
    ]

    operations = [
        migrations.AddField(
            model_name="designation",
            name="functions",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
