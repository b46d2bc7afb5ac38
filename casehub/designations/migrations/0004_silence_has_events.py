"""No step against somebody's silence without its event, in the database itself."""

from django.db import migrations

from audit.guarding import guarded

TABLES: dict[str, tuple[str, ...]] = {"designations_quietstep": ()}


class Migration(migrations.Migration):
    """On PostgreSQL; SQLite has no deferred triggers."""

    dependencies = (
        ("designations", "0003_silence_and_reading"),
        ("audit", "0006_acts_have_events"),
    )
    operations = (guarded(TABLES),)
