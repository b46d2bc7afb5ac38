"""Each group keeps the most of the directory that its commits have stated."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Without a size where that was not kept yet: it is read from the commits, and then kept."""

    dependencies = (("messaging", "0002_acts_have_events"),)
    operations = (
        migrations.AddField(
            model_name="group",
            name="stated_log",
            field=models.CharField(default="", max_length=128),
        ),
        migrations.AddField(
            model_name="group",
            name="stated_size",
            field=models.BigIntegerField(null=True),
        ),
    )
