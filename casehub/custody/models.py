"""Exports for a court: wished, consented to, made. What is in them never comes here."""

import uuid

from django.db import models
from django.db.models import F, Q

from casehub.cases.models import Circle
from casehub.core.models import HeadRow
from casehub.directory.models import Person


class Export(HeadRow):
    """
    One person's wish to carry entries of a thread to a court, and what became of it.

    `wish` is the SHA-256 of what they signed. `box` is that, sealed under a key of its own, and
    `keys` holds this key sealed to each device that may look into it; both are gone once somebody
    has decided on it.
    """

    leans_on = (
        "custody.export.asked",
        "custody.export.agreed",
        "custody.export.refused",
        "custody.export.made",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="exports")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=2)
    states = models.CharField(max_length=64)
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    messages = models.PositiveIntegerField()
    foreign = models.BooleanField()
    wish = models.CharField(max_length=64)
    box = models.BinaryField()
    keys = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    asked_event = models.BigIntegerField(editable=False)
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)
    consenter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    consented_at = models.DateTimeField(null=True)
    consent_said_at = models.CharField(max_length=20, default="", blank=True)
    consent_device = models.UUIDField(null=True)
    consent_signature = models.BinaryField(default=b"")
    agreed_event = models.BigIntegerField(null=True, editable=False)
    refused_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=16, default="", blank=True)
    made_at = models.DateTimeField(null=True)
    bundle = models.CharField(max_length=64, default="", blank=True)
    pdf = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "client_id"], name="export_request_once"),
            models.CheckConstraint(
                condition=Q(consenter=None) | ~Q(consenter=F("person")), name="export_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(made_at=None) | Q(foreign=False) | Q(consented_at__isnull=False),
                name="export_made_with_consent",
            ),
            models.CheckConstraint(
                condition=Q(made_at=None) | Q(refused_at=None), name="export_refused_or_made"
            ),
        )
        indexes = (
            models.Index(fields=["person", "asked_at"]),
            models.Index(fields=["state", "asked_at"]),
            models.Index(fields=["circle", "made_at"]),
        )

    def __str__(self) -> str:
        return str(self.id)
