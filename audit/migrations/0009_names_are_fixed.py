"""The log's functions look at the log's tables, whatever a session calls its own."""

from django.db import migrations

from audit import guarding


class Migration(migrations.Migration):
    """On PostgreSQL: SQLite's triggers name tables of their own file."""

    dependencies = (("audit", "0008_concern_actor"),)
    operations = (migrations.RunPython(guarding.fix_names, elidable=False),)
