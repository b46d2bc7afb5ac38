"""No act of this app without its event, in the database itself."""

from django.db import migrations

from audit.guarding import guarded

TABLES: dict[str, tuple[str, ...]] = {
    "directory_state": (),
    "directory_office": (),
    "directory_person": (),
    "directory_signedstatement": (),
    "directory_device": (),
}


class Migration(migrations.Migration):
    """On PostgreSQL; SQLite has no deferred triggers."""

    dependencies = (("directory", "0001_initial"), ("audit", "0006_acts_have_events"))
    operations = (guarded(TABLES),)
