"""Whoever was designated before functions were said keeps what they could do until then."""

from django.db import migrations, models


def keep(apps, schema_editor):
    """Give coordinators both functions, and liaisons that of a focal point (ADR 61)."""
    del schema_editor
    people = apps.get_model("directory", "Person").objects
    people.filter(roles__contains="liaison").update(functions="focal-point")
    people.filter(roles__contains="coordinator").update(functions="focal-point,signatory")


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0014_offices_have_telephones"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="functions",
            field=models.CharField(default="", max_length=40),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
