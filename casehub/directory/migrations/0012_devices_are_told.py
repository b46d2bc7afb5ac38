"""A notice of its own for a device that was stopped while its person was not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Of the choices alone: no column changes."""

    dependencies = (("directory", "0011_ministry_alone"),)

    operations = (
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("announced", "Announced"),
                    ("ministry-alone", "Ministry Alone"),
                    ("changed", "Changed"),
                    ("renewed", "Renewed"),
                    ("suspended", "Suspended"),
                    ("removed", "Removed"),
                    ("reinstated", "Reinstated"),
                    ("expired", "Expired"),
                    ("key-changed", "Key Changed"),
                    ("device-stopped", "Device Stopped"),
                    ("state-stopped", "State Stopped"),
                    ("state-lifted", "State Lifted"),
                    ("unconfirmed", "Unconfirmed"),
                ],
                max_length=16,
            ),
        ),
    )
