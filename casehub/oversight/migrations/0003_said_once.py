"""What auditors asked stands in the events alone: an erasure would have left a clear copy here."""

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing is lost: each of these stands in the event of its row."""

    dependencies = (("oversight", "0002_acts_have_events"),)
    operations = (
        migrations.RemoveField("query", "asked"),
        migrations.RemoveField("unmasking", "person"),
        migrations.RemoveField("unmasking", "pseudonym"),
        migrations.RemoveField("unmasking", "ground"),
        migrations.RemoveField("unmasking", "reference"),
    )
