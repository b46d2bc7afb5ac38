"""What the apps' own migrations call to guard their head rows (audit/guarding.py)."""

from django.db import migrations

from audit import guarding


class Migration(migrations.Migration):
    """On PostgreSQL; SQLite has no deferred triggers."""

    dependencies = (("audit", "0005_witnessing"),)
    operations = (migrations.RunPython(guarding.prepare, elidable=False),)
