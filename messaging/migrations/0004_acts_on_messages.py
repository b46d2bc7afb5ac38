"""Each entry says whether it is an act on another one, and on which."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What came before was no act on another message."""

    dependencies = (("messaging", "0003_most_stated"),)
    operations = (
        migrations.AddField(
            model_name="entry",
            name="act",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddField(
            model_name="entry",
            name="about",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=Q(about__isnull=False),
                fields=["group", "about"],
                name="acts_on_entry",
            ),
        ),
    )
