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
    # Since when none of its people acts or receives anything; who says so stands in `Stop`.
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code


class Office(HeadRow):
    """A prosecution service, foreign ministry, central authority or supervisory body."""

    leans_on = ("directory.office.entered",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.ForeignKey(State, null=True, on_delete=models.PROTECT)
    name = models.CharField(max_length=160)

    def __str__(self) -> str:
        return self.name


class Person(HeadRow):
    """Somebody whom a ministry's designation made known; the row alone gives no authority."""

    leans_on = ("directory.person.entered",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    state = models.ForeignKey(State, null=True, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    post = models.CharField(max_length=120)
    roles = models.CharField(max_length=120)
    languages = models.CharField(max_length=40)
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
        return frozenset(self.roles.split(","))

    def in_force(self, now: datetime) -> bool:
        """Say whether this person counts: not stopped, not over, their account not closed."""
        return self.stands(now) and not self.state_stopped

    def stands(self, now: datetime) -> bool:
        """Say whether they would count if nobody had stopped their whole State."""
        gone = self.account is not None and not self.account.is_active
        return self.suspended_at is None and self.valid_until > now and not gone

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

    leans_on = ("directory.device.registered", "directory.device.selected")

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


class Stop(HeadRow):
    """
    One person, one device or one State whose access was stopped, by whom, and how far it is signed.

    The columns that decide are `Person.suspended_at`, `Device.revoked_at` and `State.stopped_at`:
    this row says why. `ended_at` is when a State's stop was lifted, or a person reinstated.
    """

    leans_on = (
        "directory.person.suspended",
        "directory.person.removed",
        "directory.device.revoked",
        "directory.state.stopped",
        "directory.state.stop-confirmed",
        "directory.state.lift-asked",
        "directory.state.lifted",
        "directory.stop.completed",
    )

    class Kind(models.TextChoices):
        """What was stopped, and how finally."""

        SUSPENDED = "suspended"
        REMOVED = "removed"
        DEVICE = "device"
        STATE = "state"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    state = models.ForeignKey(State, null=True, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="stops")
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=24, blank=True)
    statement = models.ForeignKey(SignedStatement, null=True, on_delete=models.PROTECT)
    ended_at = models.DateTimeField(null=True)
    # Of a State's stop alone: who else stands behind it, and who has asked to lift it.
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    lift_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lift_at = models.DateTimeField(null=True)
    lift_payload = models.BinaryField(null=True)

    class Meta:
        indexes = (models.Index(fields=["person", "ended_at"]),)
        constraints = (
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(ended_at=None, device=None),
                name="one_stop_of_a_person",
            ),
            models.UniqueConstraint(
                fields=["device"], condition=models.Q(ended_at=None), name="one_stop_of_a_device"
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(ended_at=None, kind="state"),
                name="one_stop_of_a_state",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
