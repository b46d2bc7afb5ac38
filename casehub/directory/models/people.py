"""States, offices, people, their signed statements and devices."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from casehub.core.models import HeadRow
from casehub.directory.limits import READ_CASES, READING


class State(HeadRow):
    """A State of the Conference; its names come from the packaged data file."""

    leans_on = ("directory.state.entered",)

    code = models.CharField(primary_key=True, max_length=2)
    name_es = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80)
    # Since when none of its people acts or receives anything; who says so stands in `Stop`.
    stopped_at = models.DateTimeField(null=True)

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
    telephone = models.CharField(max_length=30, blank=True, default="")  # its public switchboard

    def __str__(self) -> str:
        return self.name


class Person(HeadRow):
    """Somebody whom a ministry's designation made known; the row alone gives no authority."""

    leans_on = (
        "directory.person.entered",
        "designations.person.enrolled",
        "designations.binding.signed",
        "designations.reinstatement.signed",
        "designations.regional.admitted",
        "designations.regional.dismissed",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    # What they enrol with for a new key; it takes the other's place once somebody vouches for that.
    enrolling = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.ForeignKey(State, null=True, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    post = models.CharField(max_length=120)
    roles = models.CharField(max_length=120)
    functions = models.CharField(max_length=40, default="")  # `directory.functions`
    languages = models.CharField(max_length=40)
    scope = models.CharField(max_length=80, default="")
    valid_until = models.DateTimeField()
    # Whoever is removed is suspended too: one column says who is out.
    suspended_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    fictional = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.id)

    @property
    def role_set(self) -> frozenset[str]:
        """The roles of the designation, as a set."""
        return frozenset(filter(None, self.roles.split(",")))

    @property
    def function_set(self) -> frozenset[str]:
        """What the designation lets them do besides, as a set."""
        return frozenset(filter(None, self.functions.split(",")))

    @property
    def accounts(self) -> list[uuid.UUID]:
        """What they sign in with, and what they enrol with meanwhile."""
        return [one for one in (self.account_id, self.enrolling_id) if one is not None]

    def in_force(self, now: datetime) -> bool:
        """Say whether this person counts: not stopped, not over, their account not closed."""
        return self.stands(now) and not self.state_stopped

    def stands(self, now: datetime) -> bool:
        """Say whether they would count if nobody had stopped their whole State."""
        return not self.stopped and self.valid_until > now and not self.closed

    def is_gone(self, now: datetime) -> bool:
        """Say whether they left for good: whoever is suspended may come back, and so a State."""
        return self.removed_at is not None or self.valid_until <= now or self.closed

    @property
    def closed(self) -> bool:
        """Whether they have closed the account that counts: that is for good."""
        return self.account is not None and not self.account.is_active

    @property
    def stopped(self) -> bool:
        """Whether somebody has stopped this very person: either column alone says so."""
        return self.suspended_at is not None or self.removed_at is not None

    @property
    def has_cases(self) -> bool:
        """Whether any of their roles reads cases: whoever has another post now is in none."""
        return not self.role_set.isdisjoint(READ_CASES)

    @property
    def reads_until(self) -> datetime:
        """Until when they read: a week longer than they act, if they are somebody with cases."""
        return self.valid_until + READING if self.has_cases else self.valid_until

    def in_week(self, now: datetime) -> bool:
        """Say whether their designation is over and they may still read, for a week, no more."""
        stopped = self.stopped or self.state_stopped
        return self.valid_until <= now < self.reads_until and not (self.closed or stopped)

    def reads(self, now: datetime) -> bool:
        """Say whether this person receives what their cases say: in force, or in their week."""
        return self.has_cases and (self.in_force(now) or self.in_week(now))

    @property
    def state_stopped(self) -> bool:
        """Whether access of their whole State is stopped."""
        return self.state is not None and self.state.stopped_at is not None


class SignedStatement(HeadRow):
    """One statement of the chain, kept exactly as it was signed."""

    leans_on = (
        "directory.statement.entered",
        "directory.device.registered",
        "directory.person.suspended",
        "directory.person.removed",
        "directory.device.revoked",
        "directory.state.stopped",
        "directory.state.stop-confirmed",
        "directory.state.lifted",
        "directory.stop.completed",
        "directory.stop.repeated",
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
