"""Whoever was known by name is told: that they were, and what a court lets them wait for."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from audit.guarding import guarded

TABLES: dict[str, tuple[str, ...]] = {
    "oversight_unmaskingnotice": (),
    "oversight_deferral": (),
    "oversight_deferraldecision": (),
}
EVENT = ("audit_event_id", models.BigIntegerField(editable=False, unique=True))


def person(**options: str) -> "models.ForeignKey":
    """Return a reference to a person."""
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, to="directory.person", **options
    )


class Migration(migrations.Migration):
    """Three tables of acts, each with its event."""

    dependencies = (("oversight", "0003_said_once"), ("audit", "0006_acts_have_events"))
    operations = (
        migrations.AlterField("unmaskingdecision", "decider", person(related_name="+")),
        migrations.CreateModel(
            "UnmaskingNotice",
            [
                EVENT,
                (
                    "unmasking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="notice",
                        serialize=False,
                        to="oversight.unmasking",
                    ),
                ),
                ("told_at", models.DateTimeField()),
            ],
            {"abstract": False},
        ),
        migrations.CreateModel(
            "Deferral",
            [
                EVENT,
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField()),
                ("open_until", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("asker", person(related_name="+")),
                (
                    "unmasking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deferrals",
                        to="oversight.unmasking",
                    ),
                ),
            ],
            {"abstract": False},
        ),
        migrations.CreateModel(
            "DeferralDecision",
            [
                EVENT,
                ("agreed", models.BooleanField()),
                ("decided_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("decider", person(related_name="+")),
                (
                    "deferral",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="decision",
                        serialize=False,
                        to="oversight.deferral",
                    ),
                ),
            ],
            {"abstract": False},
        ),
        guarded(TABLES),
    )
