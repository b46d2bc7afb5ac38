"""No act of this app without its event, in the database itself."""

from django.db import migrations

from audit.guarding import guarded

TABLES: dict[str, tuple[str, ...]] = {
    "accounts_account": (),
    "accounts_factor": (),
    "accounts_factorpolicy": (),
    "accounts_recoverysheet": (),
    "accounts_signin": (),
    "accounts_totpoffer": (),
    "accounts_unlockshare": (),
}


class Migration(migrations.Migration):
    """On PostgreSQL; SQLite has no deferred triggers."""

    dependencies = (("accounts", "0003_totp_offer"), ("audit", "0006_acts_have_events"))
    operations = (guarded(TABLES),)
