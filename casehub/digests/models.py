"""Who wants the daily e-mail, and which ones were sent."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casehub.core.models import HeadRow
from casehub.directory.models import Person

from . import states


class Digest(HeadRow):
    """
    How often somebody is told by e-mail that there is something new, and where.

    `sealed` is the address, under a key outside the database, empty for whoever wants none.
    `looked_on` is the last day of their zone that is dealt with, by an e-mail or without one.
    """

    leans_on = ("digests.setting.changed",)

    class Often(models.TextChoices):
        """How often."""

        NEVER = states.NEVER
        DAILY = states.DAILY
        WEEKDAYS = states.WEEKDAYS

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT)
    often = models.CharField(max_length=8, choices=Often.choices)
    hour = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    sealed = models.BinaryField()
    changed_at = models.DateTimeField()
    looked_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="digest_hour_of_a_day", condition=Q(hour__lte=23)),
        )

    def __str__(self) -> str:
        return str(self.person_id)


class Mail(HeadRow):
    """
    The e-mail of one person's day: one row, whoever comes to it first.

    Its event is written before anything leaves. `accepted_at`: when the mail server said that it
    has it; where that never came it is noted as failed, and is not sent again.
    """

    leans_on = ("digests.mail.handed", "digests.mail.failed")

    class Why(models.TextChoices):
        """Why it failed; only what the mail server put off is tried again."""

        NOT = ""
        OFF = "off"
        REFUSED = "refused"
        SILENT = "silent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    attempt = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    why = models.CharField(max_length=8, choices=Why.choices, default=Why.NOT, blank=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "day"], name="one_mail_a_day"),)
        indexes = (
            models.Index(fields=["at"], condition=Q(accepted_at=None), name="mails_not_accepted"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"
