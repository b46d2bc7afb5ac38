"""Designations, what was asked and signed on their way, and the codes with which people enrol."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casehub.core.models import HeadRow
from casehub.directory.models import Office, Person

from .stages import Stage


def _csv(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


class Designation(HeadRow):
    """
    One term of one person, from a draft to its end.

    `person` is drawn with the draft; a row of that id is in the directory from enrolment on.
    `body` holds the exact bytes that everybody signs, once a nomination fixed them, and `digest`
    their SHA-256: another body has another digest, and what was signed under the old one is void.
    """

    leans_on = (
        "designations.designation.drafted",
        "designations.designation.changed",
        "designations.designation.consulted",
        "designations.designation.nominated",
        "designations.designation.rejected",
        "designations.designation.renewed",
        "designations.designation.lapsed",
        "designations.expiry.reminded",
        "designations.reading.ended",
        "designations.approval.given",
        "designations.code.made",
        "designations.person.enrolled",
        "designations.key.offered",
        "designations.binding.signed",
        "designations.officer.invited",
        "designations.ceremony.entered",
        "designations.regional.invited",
        "designations.regional.admitted",
        "designations.regional.dismissed",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.UUIDField(db_index=True)
    state = models.CharField(max_length=2, db_index=True)
    stage = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Stage])
    stage_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_index=True)

    name = models.CharField(max_length=120)
    post = models.CharField(max_length=120)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    roles = models.CharField(max_length=120)
    functions = models.CharField(max_length=40, blank=True, default="")
    languages = models.CharField(max_length=40)
    scope = models.CharField(max_length=120)
    region = models.CharField(max_length=120, blank=True)  # the part of the State; empty: all of it
    deputy = models.UUIDField(null=True)  # the person of the same State who stands in
    starts = models.DateTimeField()
    until = models.DateTimeField()
    urgent = models.BooleanField(default=False)
    renews = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    rekey = models.BooleanField(default=False)

    drafter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    nominator = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField(null=True)
    serial = models.UUIDField(null=True, unique=True)
    body = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    nominator_key = models.BinaryField(null=True)
    nominator_signature = models.BinaryField(null=True)
    approved_at = models.DateTimeField(null=True)
    statement = models.CharField(max_length=64, blank=True)  # its name in the directory's log

    key = models.BinaryField(null=True)  # the identity key that its person offered
    key_at = models.DateTimeField(null=True)
    bound_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=16, blank=True)
    read_out_at = models.DateTimeField(null=True)  # when the week of reading after it was over
    reminded = models.PositiveSmallIntegerField(null=True)  # days before the end, the last said

    class Meta:
        indexes = (models.Index(fields=["state", "-drafted_at"]),)
        constraints = (
            models.CheckConstraint(
                name="a_nomination_has_a_body",
                condition=Q(digest="", body=None, nominator=None)
                | (~Q(digest="") & Q(body__isnull=False, nominator__isnull=False)),
            ),
            models.CheckConstraint(
                name="what_is_active_was_approved_and_bound",
                condition=~Q(stage=Stage.ACTIVE)
                | (Q(approved_at__isnull=False, bound_at__isnull=False, key__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return str(self.id)

    @property
    def concerned(self) -> tuple[str, ...]:
        """The States that its events concern: its own; none where it is for the region."""
        return (self.state,) if self.state else ()

    @property
    def role_list(self) -> list[str]:
        """The roles that it is for, sorted."""
        return _csv(self.roles)

    @property
    def function_list(self) -> list[str]:
        """What it lets a liaison or coordinator do besides, sorted."""
        return _csv(self.functions)

    @property
    def language_list(self) -> list[str]:
        """The languages in which the person works."""
        return _csv(self.languages)

    @property
    def scope_list(self) -> list[str]:
        """What the person works on."""
        return _csv(self.scope)


class Consultation(HeadRow):
    """
    One agency that was asked about a draft: its kind, and how and when it answered.

    What it wrote stays with the State; here is at most the SHA-256 of the document. It is about the
    `name` and `roles` that the draft said then: as long as it says others the answer rests, and
    when it says them again it is there again.
    """

    leans_on = (
        "designations.consultation.asked",
        "designations.consultation.answered",
        "designations.consultation.lapsed",
        "designations.consultation.withdrawn",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    designation = models.ForeignKey(
        Designation, on_delete=models.PROTECT, related_name="consultations"
    )
    agency = models.CharField(max_length=16)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    outcome = models.CharField(max_length=16, blank=True)
    date = models.DateField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    void = models.BooleanField(default=False)  # it was noted in error
    name = models.CharField(max_length=120, blank=True)  # empty: of before this was kept
    roles = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return str(self.id)

    def is_about(self, found: Designation) -> bool:
        """Say whether a draft says now what this agency was asked about."""
        return self.name == "" or (self.name, self.roles) == (found.name, found.roles)


class Approval(HeadRow):
    """One hand under a body: of two people, with two keys, in the order in which they came."""

    leans_on = ("designations.approval.given",)

    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="approvals")
    digest = models.CharField(max_length=64)
    place = models.PositiveSmallIntegerField()
    officer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["designation", "digest", "place"], name="one_hand_per_place"
            ),
            models.UniqueConstraint(
                fields=["designation", "digest", "officer"], name="one_hand_per_officer"
            ),
            models.UniqueConstraint(
                fields=["designation", "digest", "key"], name="one_hand_per_key"
            ),
            models.CheckConstraint(name="two_hands_at_most", condition=Q(place__in=[1, 2])),
        )

    def __str__(self) -> str:
        return f"{self.designation_id} {self.place}"


class EnrolmentCode(HeadRow):
    """A code that opens one enrolment, once: its hash alone is kept. A newer one voids it."""

    leans_on = (
        "designations.code.made",
        "designations.person.enrolled",
        "designations.officer.invited",
        "designations.regional.invited",
    )

    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="codes")
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.designation_id)


class FirstHand(HeadRow):
    """
    A statement that needs two people, as the first signed it; the second signs the same bytes.

    A reinstatement, or a binding that takes the place of one that counts.
    """

    leans_on = ("designations.reinstatement.signed", "designations.binding.signed")

    class Kind(models.TextChoices):
        """Which statement."""

        REINSTATEMENT = "reinstatement"
        BINDING = "binding"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    person = models.UUIDField(db_index=True)
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    second = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    second_key = models.BinaryField(null=True)
    second_signature = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.person}"


class StandingConfirmation(HeadRow):
    """That a coordinator looked through their State's directory and it is true: once a quarter."""

    leans_on = ("designations.standing.confirmed",)

    state = models.CharField(max_length=2, db_index=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.state} {self.at:%Y-%m-%d}"


class MissedStanding(HeadRow):
    """That a State's confirmation was due and did not come; told to all, once a due date."""

    leans_on = ("designations.standing.missed",)

    state = models.CharField(max_length=2)
    due_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["state", "due_at"], name="missed_once_per_date"),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.due_at:%Y-%m-%d}"


class QuietStep(HeadRow):
    """
    One step of the clock against somebody who does not sign in: a warning, or a stop.

    Each is taken once for one time of silence, which began at `since`, whoever comes to it first.
    """

    leans_on = (
        "designations.quiet.warned",
        "directory.person.suspended",
        "directory.person.removed",
    )

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    step = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "since", "step"], name="one_step_for_a_silence"
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} {self.person_id}"


class Round(models.Model):
    """
    When some process of the web last began the round of the clock: one row.

    `leapt_at`: what the clock read when it last stood far from where it had been read before.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    at = models.DateTimeField()
    leapt_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S}"
