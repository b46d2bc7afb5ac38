"""No step of a designation without its event, in the database itself."""

from django.db import migrations

from audit.guarding import guarded

TABLES: dict[str, tuple[str, ...]] = {
    "designations_designation": (),
    "designations_consultation": (),
    "designations_approval": (),
    "designations_enrolmentcode": (),
    "designations_firsthand": (),
    "designations_standingconfirmation": (),
    "designations_missedstanding": (),
    "directory_notice": (),
    "directory_noticeanswer": (),
}


class Migration(migrations.Migration):
    """On PostgreSQL; SQLite has no deferred triggers."""

    dependencies = (
        ("designations", "0001_initial"),
        ("directory", "0004_notices"),
        ("audit", "0006_acts_have_events"),
    )
    operations = (guarded(TABLES),)
