"""No act of this app without its event, in the database itself."""

from django.db import migrations

from audit.guarding import guarded

TABLES: dict[str, tuple[str, ...]] = {
    "requests_mla_request": (),
    "requests_mla_turn": ("until",),
    "requests_mla_version": (),
    "requests_mla_attestation": (),
}


class Migration(migrations.Migration):
    """On PostgreSQL; SQLite has no deferred triggers."""

    dependencies = (("requests_mla", "0002_version_budgets"), ("audit", "0006_acts_have_events"))
    operations = (guarded(TABLES),)
