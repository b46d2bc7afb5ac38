"""Each entry says whether its author calls it urgent, so that it can be counted how often they do."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What came before was not called so."""

    dependencies = (("messaging", "0007_attachments_have_events"),)
    operations = (
        migrations.AddField(
            model_name="entry",
            name="urgent",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=Q(urgent=True), fields=["device", "at"], name="urgent_of_device"
            ),
        ),
    )
