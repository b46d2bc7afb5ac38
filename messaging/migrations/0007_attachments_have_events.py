"""No attachment and no opening of one without its event, in the database itself."""

from django.db import migrations

from audit.guarding import guarded

#  An upload that is abandoned is ended by the clock, and pieces are swept: acts of nobody.
TABLES: dict[str, tuple[str, ...]] = {
    "messaging_attachment": ("removed_at", "swept"),
    "messaging_opening": (),
}


class Migration(migrations.Migration):
    """On PostgreSQL; SQLite has no deferred triggers."""

    dependencies = (("messaging", "0006_attachments"), ("audit", "0006_acts_have_events"))
    operations = (guarded(TABLES),)
