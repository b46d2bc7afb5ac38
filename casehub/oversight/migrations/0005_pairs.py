"""What concerns two States, shown to the region: consents, wishes, and what was said of them."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from audit.guarding import guarded

TABLES: dict[str, tuple[str, ...]] = {
    "oversight_pairconsent": (),
    "oversight_pairview": (),
    "oversight_pairviewdecision": (),
}
EVENT = ("audit_event_id", models.BigIntegerField(editable=False, unique=True))
ID = ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False))


def person() -> "models.ForeignKey":
    """Return a reference to a person."""
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, to="directory.person", related_name="+"
    )


class Migration(migrations.Migration):
    """Three tables of acts, each with its event."""

    dependencies = (("oversight", "0004_telling"),)
    operations = (
        migrations.CreateModel(
            "PairConsent",
            [
                EVENT,
                ID,
                ("state", models.CharField(max_length=2)),
                ("other", models.CharField(max_length=2)),
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(
                        fields=["state", "other"],
                        condition=models.Q(withdrawn_at=None),
                        name="oversight_one_consent_a_pair",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            "PairView",
            [
                EVENT,
                ID,
                ("asked_at", models.DateTimeField()),
                ("open_until", models.DateTimeField()),
                ("first", models.CharField(max_length=2)),
                ("second", models.CharField(max_length=2)),
                ("quarter", models.CharField(max_length=6)),
                ("asker", person()),
            ],
            {"abstract": False},
        ),
        migrations.CreateModel(
            "PairViewDecision",
            [
                EVENT,
                ("agreed", models.BooleanField()),
                ("decided_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("decider", person()),
                (
                    "pair_view",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="decision",
                        serialize=False,
                        to="oversight.pairview",
                    ),
                ),
                ("upto", models.BigIntegerField()),
            ],
            {"abstract": False},
        ),
        guarded(TABLES),
    )
