"""A clock that leaps is believed only after a day (a round ends and destroys what is due)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("designations", "0007_functions"),
    ]

    operations = [
        migrations.AddField(
            model_name="round",
            name="leapt_at",
            field=models.DateTimeField(null=True),
        ),
    ]
