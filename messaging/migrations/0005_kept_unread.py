"""A person may keep a thread as unread from an entry on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Nobody has so far."""

    dependencies = (("messaging", "0004_acts_on_messages"),)
    operations = (
        migrations.AddField(
            model_name="readmark",
            name="unread",
            field=models.PositiveBigIntegerField(null=True),
        ),
    )
