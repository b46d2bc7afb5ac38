"""Who and what is stopped."""

from __future__ import annotations

import uuid

from django.db import models

from casehub.core.models import HeadRow

from .people import Device, Person, SignedStatement, State


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
        "directory.stop.reasoned",
        "directory.stop.repeated",
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
    # Nobody: the clock, of somebody who did not sign in.
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=24, blank=True)
    statement = models.ForeignKey(SignedStatement, null=True, on_delete=models.PROTECT)
    ended_at = models.DateTimeField(null=True)
    # Of a State's stop alone: who else stands behind it. Of a person's, too: who began to lift it.
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    lift_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lift_at = models.DateTimeField(null=True)
    lift_payload = models.BinaryField(null=True)
    # The first one's signed statement (wire form): the second signs the same. Null if unsigned.
    lift_statement = models.JSONField(null=True)

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
