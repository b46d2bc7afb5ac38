"""No act of this app without its event, in the database itself."""

from django.db import migrations

from audit.guarding import guarded

TABLES: dict[str, tuple[str, ...]] = {
    "messaging_group": (),
    "messaging_entry": (),
    "messaging_publication": (),
    "messaging_collection": (),
}


class Migration(migrations.Migration):
    """On PostgreSQL; SQLite has no deferred triggers."""

    dependencies = (("messaging", "0001_initial"), ("audit", "0006_acts_have_events"))
    operations = (guarded(TABLES),)
