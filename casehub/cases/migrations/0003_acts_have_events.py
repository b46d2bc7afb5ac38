"""No act of this app without its event, in the database itself."""

from django.db import migrations

from audit.guarding import guarded

TABLES: dict[str, tuple[str, ...]] = {
    "cases_case": (),
    "cases_casemember": (),
    "cases_circle": (),
}


class Migration(migrations.Migration):
    """On PostgreSQL; SQLite has no deferred triggers."""

    dependencies = (("cases", "0002_drafting_circles"), ("audit", "0006_acts_have_events"))
    operations = (guarded(TABLES),)
