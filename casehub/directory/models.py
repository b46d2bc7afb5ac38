"""States, offices, people, their signed statements and devices."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from casehub.core.models import HeadRow


class State(HeadRow):
    """A State of the Conference; its names come from the packaged data file."""

    leans_on = ("directory.state.entered",)

    code = models.CharField(primary_key=True, max_length=2)
    name_es = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.code


class Office(HeadRow):
    """A prosecution service, foreign ministry, central authority or supervisory body."""

    leans_on = ("directory.office.entered", "directory.office.changed")

    class Kind(models.TextChoices):
        """What an office is for; the secretariat's is regional and of no State."""

        PROSECUTION = "prosecution"
        SPECIALISED_UNIT = "specialised-unit"
        MINISTRY = "ministry"
        CENTRAL = "central"
        SUPERVISION = "supervision"
        REGIONAL = "regional"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.ForeignKey(State, null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.PROSECUTION)
    name = models.CharField(max_length=160)

    def __str__(self) -> str:
        return self.name


class Person(HeadRow):
    """Somebody whom a ministry's designation made known; the row alone gives no authority."""

    leans_on = (
        "directory.person.entered",
        "designations.person.enrolled",
        "designations.binding.signed",
        "designations.reinstatement.signed",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    state = models.ForeignKey(State, null=True, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    post = models.CharField(max_length=120)
    roles = models.CharField(max_length=120)
    languages = models.CharField(max_length=40)
    scope = models.CharField(max_length=80, default="")
    valid_until = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True)
    fictional = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.id)

    @property
    def role_set(self) -> frozenset[str]:
        """The roles of the designation, as a set."""
        return frozenset(filter(None, self.roles.split(",")))

    def in_force(self, now: datetime) -> bool:
        """Say whether this person counts: not suspended, not over, their account not closed."""
        gone = self.account is not None and not self.account.is_active
        return self.suspended_at is None and self.valid_until > now and not gone


class SignedStatement(HeadRow):
    """One statement of the chain, kept exactly as it was signed."""

    leans_on = (
        "directory.statement.entered",
        "directory.device.registered",
        "directory.device.renewed",
    )

    digest = models.CharField(primary_key=True, max_length=64)
    type = models.CharField(max_length=16)
    state = models.CharField(max_length=2)
    person = models.UUIDField(null=True, db_index=True)
    body = models.BinaryField()
    signatures = models.JSONField()
    entered_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["state", "type"]),)

    def __str__(self) -> str:
        return f"{self.type} {self.digest[:12]}"


class Device(HeadRow):
    """A browser or client that a person's identity key named; its keys are an MLS leaf's."""

    leans_on = (
        "directory.device.registered",
        "directory.device.renewed",
        "directory.device.selected",
    )

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    statement = models.OneToOneField(SignedStatement, on_delete=models.PROTECT)
    signature_key = models.BinaryField()
    serial = models.UUIDField(unique=True)
    added_at = models.DateTimeField()
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class DeviceRequest(HeadRow):
    """
    A browser that asks its person's other devices to be named; alone it gives nothing.

    Its event is the asking's, and the refusal's once there is one: a naming leaves a `Device`.
    """

    leans_on = ("directory.device.asked", "directory.device.refused")

    class Answer(models.TextChoices):
        """What became of it; expired ones have no answer."""

        NAMED = "named"
        REFUSED = "refused"
        REPLACED = "replaced"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    session = models.UUIDField()
    device = models.UUIDField(unique=True)
    signature_key = models.BinaryField()
    history_key = models.BinaryField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["person", "-asked_at"]),)

    def __str__(self) -> str:
        return str(self.id)

    def is_open(self, now: datetime) -> bool:
        """Say whether it can still be answered."""
        return not self.answer and self.expires_at > now


class Notice(HeadRow):
    """
    What every State is told about one: who was let in, changed or stopped there.

    It shares the event of the act that it tells of. Name and post are as they were then.
    """

    leans_on = (
        "designations.approval.given",
        "designations.designation.rejected",
        "designations.designation.lapsed",
        "designations.binding.signed",
        "designations.reinstatement.signed",
        "designations.standing.missed",
    )

    class Kind(models.TextChoices):
        """What happened."""

        ANNOUNCED = "announced"
        CHANGED = "changed"
        RENEWED = "renewed"
        SUSPENDED = "suspended"
        REMOVED = "removed"
        REINSTATED = "reinstated"
        EXPIRED = "expired"
        KEY_CHANGED = "key-changed"
        STATE_STOPPED = "state-stopped"
        STATE_LIFTED = "state-lifted"
        UNCONFIRMED = "unconfirmed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.ForeignKey(State, on_delete=models.PROTECT)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    person = models.UUIDField(null=True)
    name = models.CharField(max_length=120, blank=True)
    post = models.CharField(max_length=120, blank=True)
    until = models.DateTimeField(null=True)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["-at"]),)

    def __str__(self) -> str:
        return f"{self.kind} {self.state_id}"


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


class Competence(HeadRow):
    """
    Which office is a State's central authority for an instrument, from a day on.

    `instrument` is its id in the rulebook, or empty for whatever has none of its own. The newest
    that has begun counts; `until` is the first day on which it counts no longer.
    """

    leans_on = ("directory.competence.entered", "directory.competence.ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.ForeignKey(State, on_delete=models.PROTECT)
    instrument = models.CharField(max_length=40)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    since = models.DateField()
    until = models.DateField(null=True)
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=6)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["state", "instrument", "since"], name="directory_one_competence_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.state_id} {self.instrument}"


class Hours(HeadRow):
    """When a person works, on the clocks of their post; `days` are ISO weekdays: 12345."""

    leans_on = ("directory.hours.changed",)

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT)
    zone = models.CharField(max_length=40)
    days = models.CharField(max_length=7)
    opens = models.CharField(max_length=5)
    closes = models.CharField(max_length=5)

    def __str__(self) -> str:
        return str(self.person_id)


class Contact(HeadRow):
    """
    How a person is reached outside the platform: sealed under a key outside the database.

    No circle could read it before a case is shared, so it is not end-to-end encrypted.
    """

    leans_on = ("directory.contact.changed",)

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT)
    sealed = models.BinaryField()
    duty = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person_id)


class ContactOpening(HeadRow):
    """That somebody was shown a person's contact: for that person to see."""

    leans_on = ("directory.contact.opened",)

    person = models.ForeignKey(Person, related_name="openings", on_delete=models.PROTECT)
    by = models.ForeignKey(Person, related_name="opened_contacts", on_delete=models.PROTECT)
    case = models.UUIDField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} by {self.by_id}"


class Change(models.Model):
    """
    What an entry of the directory said before: its State's memory of it.

    `was` holds the former fields, never a contact's. The log's event says that it changed; this
    row says from what, and is no act of its own.
    """

    state = models.ForeignKey(State, null=True, on_delete=models.PROTECT)
    subject = models.UUIDField(db_index=True)
    what = models.CharField(max_length=40)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    was = models.JSONField()

    def __str__(self) -> str:
        return f"{self.what} {self.subject}"
