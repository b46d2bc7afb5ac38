"""An act pays for one call that queues its events, and for one look that they are there."""

from django.db import migrations

from audit import guarding


class Migration(migrations.Migration):
    """On PostgreSQL; SQLite has no call to save."""

    dependencies = (("audit", "0013_narrow_search"),)
    operations = (migrations.RunPython(guarding.make_cheaper, elidable=False),)
