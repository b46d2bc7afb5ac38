"""No act of an auditor without its event, in the database itself."""

from django.db import migrations

from audit.guarding import guarded

TABLES: dict[str, tuple[str, ...]] = {
    "oversight_query": (),
    "oversight_export": (),
    "oversight_savedview": (),
    "oversight_unmasking": (),
    "oversight_unmaskingdecision": (),
}


class Migration(migrations.Migration):
    """On PostgreSQL; SQLite has no deferred triggers."""

    dependencies = (("oversight", "0001_initial"), ("audit", "0006_acts_have_events"))
    operations = (guarded(TABLES),)
