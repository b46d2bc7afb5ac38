"""Requests for mutual legal assistance as they are written: opaque versions, turns, signatures."""

import uuid

from django.db import models
from django.db.models import Q

from casehub.cases.models import Case, Circle
from casehub.core.models import HeadRow
from casehub.directory.models import Device, Person

from ..codes import ANSWERS, NOT_ANSWERED, TAKEN_BACK
from ..states import Act, Side, Stage
from .letters import (
    Enclosure,
    EnclosureOpening,
    EnclosurePiece,
    Letter,
    LetterKey,
    LetterMark,
)
from .proposals import Proposal

__all__ = [
    "UNANSWERED",
    "Attestation",
    "Consultation",
    "Enclosure",
    "EnclosureOpening",
    "EnclosurePiece",
    "Letter",
    "LetterKey",
    "LetterMark",
    "Move",
    "Proposal",
    "Reminder",
    "Request",
    "Turn",
    "Version",
]

UNANSWERED = (NOT_ANSWERED, TAKEN_BACK)


class Request(HeadRow):
    """
    A request and what the server knows of it.

    `version` is the number of its newest version, 0 before the first; `disclosed` holds that
    version's disclosed facts (`schemas.Disclosed`). Everything else is ciphertext in `Version`.
    `deadline_at` is when the deadline among them was first named; of one from before there was this
    column it is not known.
    """

    leans_on = ("requests.request.opened", "requests.reader.added", "requests.reader.removed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    circle = models.OneToOneField(Circle, on_delete=models.PROTECT)
    drafter = models.ForeignKey(Person, on_delete=models.PROTECT)
    requesting_state = models.CharField(max_length=2)
    requested_state = models.CharField(max_length=2, blank=True)
    stage = models.CharField(max_length=24, choices=[(s.value, s.value) for s in Stage])
    disclosed = models.JSONField()
    version = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["drafter", "client_id"], name="request_request_once"),
            models.CheckConstraint(
                condition=Q(stage__in=[s.value for s in Stage]), name="request_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(version=0, saved_at=None) | Q(version__gt=0, saved_at__isnull=False),
                name="request_saved_with_version",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class Turn(HeadRow):
    """
    A person's turn at editing: a lease. `until` moves when it is renewed.

    One that ran out stays open (`ended_at` null) until somebody takes the next; only one is open.
    """

    leans_on = ("requests.turn.taken", "requests.turn.given-back")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="turns")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    taken_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    client_id = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["request"], condition=Q(ended_at=None), name="one_open_turn"
            ),
            models.UniqueConstraint(fields=["person", "client_id"], name="turn_request_once"),
        )

    def __str__(self) -> str:
        return f"{self.request_id} {self.person_id}"


class Version(HeadRow):
    """One version of a draft as its author's browser encrypted it; never changed, never removed."""

    leans_on = ("requests.version.saved",)

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    at = models.DateTimeField()
    body = models.BinaryField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    disclosed = models.JSONField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["request", "number"], name="version_once"),
            models.UniqueConstraint(fields=["person", "client_id"], name="version_request_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="version_from_one"),
        )
        # With all that budgets ask for, so that no row with its body is read for a sum.
        indexes = (
            models.Index(fields=["person", "at", "size"], name="version_of_a_day"),
            models.Index(fields=["request", "person", "size"], name="version_share"),
        )

    def __str__(self) -> str:
        return f"{self.request_id} v{self.number}"


class Attestation(HeadRow):
    """What a person signed about screening a version (`statements.Screened`)."""

    leans_on = ("requests.attestation.made",)

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="attestations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    at = models.DateTimeField()
    rulebook = models.CharField(max_length=64)
    commitment = models.BinaryField()
    results = models.BinaryField()
    signature = models.BinaryField()
    overridden = models.JSONField()
    ready = models.BooleanField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "client_id"], name="attestation_request_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id} {self.person_id}"


class Move(HeadRow):
    """
    One act by which a request went on, as it was signed (`statements.Moved`); never changed.

    `key` is the public key of the signature: the device's where there is one, else the person's
    identity key. `side` is the State for which it was done: the requesting State's central
    authority also records what a requested State did that is not here. `on` is the act's own day.
    `form` is that of what was signed, `proposal` what a second hand was put under, if any was.
    """

    leans_on = ("requests.move.made",)

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=24, choices=[(a.value, a.value) for a in Act])
    before = models.CharField(max_length=24)
    after = models.CharField(max_length=24)
    side = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Side])
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    state = models.CharField(max_length=2)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True)
    key = models.BinaryField()
    at = models.DateTimeField()
    on = models.DateField()
    issued = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    said = models.JSONField()
    signature = models.BinaryField()
    form = models.PositiveSmallIntegerField()
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, null=True)
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["request", "number"], name="move_once"),
            models.UniqueConstraint(fields=["person", "client_id"], name="move_request_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="move_from_one"),
            models.CheckConstraint(
                condition=Q(
                    before__in=[s.value for s in Stage], after__in=[s.value for s in Stage]
                ),
                name="move_stages_known",
            ),
            models.CheckConstraint(condition=Q(act__in=[a.value for a in Act]), name="move_known"),
        )

    def __str__(self) -> str:
        return f"{self.request_id} {self.number} {self.act}"


class Consultation(HeadRow):
    """
    That focal points of the requested State were asked informally about a version of a request.

    What they were asked and what they said stands in its circle, encrypted; `outcome` is empty
    while it waits. `due` was counted once, when it was asked. `answer` is the id of the message
    that answers it.
    """

    leans_on = (
        "requests.consultation.asked",
        "requests.consultation.answered",
        "requests.consultation.ended",
        "requests.move.made",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="consultations")
    circle = models.OneToOneField(Circle, on_delete=models.PROTECT, related_name="consultation")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=2)
    questions = models.JSONField()
    urgent = models.BooleanField()
    asked_at = models.DateTimeField()
    due = models.DateTimeField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    answerer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    answer = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["asker", "client_id"], name="consultation_once"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(outcome=""), name="one_open_consultation"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None)
                | (~Q(outcome="") & Q(ended_at__isnull=False)),
                name="consultation_ended_somehow",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=ANSWERS, answerer__isnull=False, answer__isnull=False)
                | Q(outcome__in=("", *UNANSWERED), answerer=None, answer=None),
                name="consultation_answered_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"


class Reminder(HeadRow):
    """
    That those concerned were reminded of a day of a request (`days.Day`): each time once.

    `days` is how many before `last` it was, by plan: 7, 3 or 1. `since` is when that day became
    known: one that was moved away and back is another. Of a reminder from before there was this
    column it is not known.
    """

    leans_on = ("requests.reminder.given",)

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="reminders")
    what = models.CharField(max_length=24)
    last = models.DateField()
    days = models.PositiveSmallIntegerField()
    since = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["request", "what", "last", "days", "since"], name="reminder_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id} {self.what} {self.days}"
