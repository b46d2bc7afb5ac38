"""What all States were told of one, and which took note."""

from __future__ import annotations

import uuid

from django.db import models

from casehub.core.models import HeadRow

from .people import Person, State


class Notice(HeadRow):
    """
    What every State is told about one: who was let in, changed or stopped there.

    It shares the event of the act that it tells of. Name and post are as they were then; `changed`
    says which of what States are told is another now (codes of `Changed`), and not what it was.
    """

    leans_on = (
        "designations.approval.given",
        "designations.designation.rejected",
        "designations.designation.lapsed",
        "designations.binding.signed",
        "designations.ceremony.entered",
        "designations.reinstatement.signed",
        "designations.standing.missed",
        "directory.person.suspended",
        "directory.person.removed",
        "directory.device.revoked",
        "directory.state.stopped",
        "directory.state.lifted",
        "directory.office.entered",
        "directory.office.changed",
        "directory.competence.entered",
        "directory.competence.ended",
        "directory.hours.changed",
    )

    class Kind(models.TextChoices):
        """What happened."""

        ANNOUNCED = "announced"
        MINISTRY_ALONE = "ministry-alone"
        CHANGED = "changed"
        RENEWED = "renewed"
        SUSPENDED = "suspended"
        REMOVED = "removed"
        REINSTATED = "reinstated"
        EXPIRED = "expired"
        KEY_CHANGED = "key-changed"
        DEVICE_STOPPED = "device-stopped"
        STATE_STOPPED = "state-stopped"
        STATE_LIFTED = "state-lifted"
        UNCONFIRMED = "unconfirmed"

    class Changed(models.TextChoices):
        """What is another than before: of a person's card, then of their State's offices."""

        NAME = "name"
        POST = "post"
        OFFICE = "office"
        ROLES = "roles"
        FUNCTIONS = "functions"
        LANGUAGES = "languages"
        SCOPE = "scope"
        REGION = "region"
        DEPUTY = "deputy"
        KEY = "key"
        HOURS = "hours"
        OFFICE_NEW = "office-new"
        OFFICE_NAME = "office-name"
        OFFICE_KIND = "office-kind"
        OFFICE_TELEPHONE = "office-telephone"
        AUTHORITY_NEW = "authority-new"
        AUTHORITY_ENDED = "authority-ended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    # Given one after another: whoever is shown a notice is shown all that have a lower number.
    number = models.PositiveBigIntegerField(unique=True)
    state = models.ForeignKey(State, on_delete=models.PROTECT)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    person = models.UUIDField(null=True)
    name = models.CharField(max_length=120, blank=True)
    post = models.CharField(max_length=120, blank=True)
    until = models.DateTimeField(null=True)
    urgent = models.BooleanField(default=False)
    changed = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["-at"]),)

    def __str__(self) -> str:
        return f"{self.kind} {self.state_id}"

    @property
    def changed_list(self) -> list[str]:
        """What is another now, in the order of `Changed`."""
        return [one for one in self.changed.split(",") if one]


class NoticeAnswer(HeadRow):
    """That somebody of a State has taken note of a notice: once a State, whoever comes first."""

    leans_on = ("directory.notice.acknowledged",)

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="answers")
    state = models.ForeignKey(State, on_delete=models.PROTECT)
    by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["notice", "state"], name="one_answer_per_state"),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.state_id}"


class NoticesAnswer(HeadRow):
    """That somebody of a State has taken note of every notice of another State, up to one."""

    leans_on = ("directory.notices.acknowledged",)

    upto = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="answers_upto")
    state = models.ForeignKey(State, on_delete=models.PROTECT)
    by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["upto", "state"], name="one_answer_upto_per_state"),
        )

    def __str__(self) -> str:
        return f"{self.state_id} up to {self.upto_id}"
