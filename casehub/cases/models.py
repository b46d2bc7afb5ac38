"""Case files, who is in them, and their circles: who reads what."""

import uuid

from django.db import models
from django.db.models import Q

from casehub.core.models import HeadRow
from casehub.directory.models import Person

from . import rules


class Case(HeadRow):
    """
    A case file: an opaque reference. Its title is ciphertext in its title circle.

    `retention` is the code of its class (`rules.classes`): so long after `closed_at` what was said
    in it is kept, and until `not_before` in any case (`queries.dues`). `erased_at`: it was deleted.
    """

    leans_on = (
        "cases.case.opened",
        "cases.state.accepted",
        "cases.case.closed",
        "cases.case.reopened",
        "cases.retention.changed",
        "cases.retention.shortened",
        "cases.hold.lifted",
        "cases.case.erased",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    states = models.CharField(max_length=64)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT)
    opened_at = models.DateTimeField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)
    retention = models.CharField(max_length=16, default=rules.USUAL)
    closed_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["state", "year", "number"], name="case_number_once"),
            models.UniqueConstraint(fields=["owner", "client_id"], name="case_request_once"),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(closed_at__isnull=False),
                name="only_a_closed_case_is_erased",
            ),
        )
        indexes = (
            models.Index(
                fields=["closed_at"], condition=Q(closed_at__isnull=False), name="closed_cases"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def state_set(self) -> frozenset[str]:
        """The participating States: the owner's, and those that have joined."""
        return frozenset(self.states.split(","))


class Joining(HeadRow):
    """
    That a case is to be opened to one more State: proposed, consented to, accepted.

    It bears at most one hand a step. `objections_until` is when the objection window ends of the
    States that were in when it was consented to; None if there were none, or it was urgent.
    """

    leans_on = (
        "cases.state.proposed",
        "cases.state.consented",
        "cases.state.accepted",
        "cases.state.refused",
        "cases.state.withdrawn",
        "cases.state.objected",
    )

    class Ended(models.TextChoices):
        """How it came to nothing by somebody's act; that it lapsed is read from the clock."""

        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        OBJECTED = "objected"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="joinings")
    state = models.CharField(max_length=2)
    urgent = models.BooleanField()
    proposer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)
    consenter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    consented_at = models.DateTimeField(null=True)
    objections_until = models.DateTimeField(null=True)
    accepter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    accepted_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=9, choices=Ended.choices, default="")
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=16, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["proposer", "client_id", "state"], name="joining_request_once"
            ),
            models.UniqueConstraint(
                fields=["case", "state"],
                condition=Q(accepted_at__isnull=False),
                name="joined_once",
            ),
        )
        indexes = (models.Index(fields=["state", "proposed_at"]),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class Circle(HeadRow):
    """Who reads: the case's title, one thread or one draft. Its id is the MLS group's id."""

    leans_on = (
        "cases.case.opened",
        "cases.thread.opened",
        "cases.reader.added",
        "cases.reader.removed",
        "requests.request.opened",
        "notes.note.sent",
        "requests.consultation.asked",
    )

    class Kind(models.TextChoices):
        """What hangs on the circle."""

        CASE = "case"
        THREAD = "thread"
        DRAFTING = "drafting"  # people of one State; the app that placed it answers for its readers
        NOTE = "note"  # what focal points of one other State are told, or asked, who read no more

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="circles")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    opener = models.ForeignKey(Person, on_delete=models.PROTECT)
    opened_at = models.DateTimeField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["opener", "client_id"], name="circle_request_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="case"), name="one_title_circle"
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class CaseMember(HeadRow):
    """A person in a case file; a removed one keeps the row, a returning one gets another."""

    leans_on = ("cases.case.opened", "cases.person.added", "cases.person.removed")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(removed_at=None),
                name="in_a_case_once",
            ),
            models.UniqueConstraint(fields=["added_by", "client_id"], name="add_request_once"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.person_id}"


class Reader(models.Model):
    """A person in a circle. `act` is the event of the act that let them in or shut them out."""

    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="readers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    act = models.BigIntegerField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["circle", "person"], condition=Q(until=None), name="in_a_circle_once"
            ),
        )
        indexes = (models.Index(fields=["person", "until"]),)

    def __str__(self) -> str:
        return f"{self.circle_id} {self.person_id}"


class Hold(HeadRow):
    """
    A legal hold: while one stands nothing of its case, or of its one `circle`, is destroyed.

    It is the State's that set it (`state`), and ends by two people of that State. `lift_asked_at`
    is when the first of them said so, for `limits.SECOND_HAND`.
    """

    leans_on = (
        "cases.hold.placed",
        "cases.hold.lift-asked",
        "cases.hold.lift-refused",
        "cases.hold.lifted",
    )

    class Ground(models.TextChoices):
        """On what it rests. A fixed list: nobody types anything here."""

        COURT_ORDER = "court-order"
        INVESTIGATION = "investigation"
        PROCEEDINGS = "proceedings"
        REQUEST = "request"
        COMPLAINT = "complaint"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=2)
    ground = models.CharField(max_length=16, choices=Ground.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)
    lift_asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    lift_asked_at = models.DateTimeField(null=True)
    lifter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "client_id"], name="hold_request_once"),
            models.CheckConstraint(
                condition=Q(lift_asker=None, lift_asked_at=None)
                | Q(lift_asker__isnull=False, lift_asked_at__isnull=False),
                name="lift_asked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(lifter=None, lifted_at=None)
                | (
                    Q(lifter__isnull=False, lifted_at__isnull=False, lift_asker__isnull=False)
                    & ~Q(lifter=models.F("lift_asker"))
                ),
                name="lifted_by_two",
            ),
        )
        indexes = (
            models.Index(fields=["case"], condition=Q(lifted_at=None), name="standing_holds"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class Shortening(HeadRow):
    """That a case is to be kept less long: proposed by its State, agreed to by its auditor."""

    leans_on = (
        "cases.retention.proposed",
        "cases.retention.shortened",
        "cases.retention.refused",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="shortenings")
    was = models.CharField(max_length=16)
    retention = models.CharField(max_length=16)
    proposer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)
    answerer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["proposer", "client_id"], name="shortening_request_once"
            ),
            models.CheckConstraint(
                condition=Q(agreed=False)
                | (Q(answered_at__isnull=False) & ~Q(answerer=models.F("proposer"))),
                name="shortened_by_two",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.retention}"


class Erasure(models.Model):
    """That what was said in a circle was deleted, when and under which class; `act`: its event."""

    circle = models.OneToOneField(
        Circle, primary_key=True, on_delete=models.PROTECT, related_name="erasure"
    )
    retention = models.CharField(max_length=16)
    at = models.DateTimeField()
    act = models.BigIntegerField(editable=False)

    def __str__(self) -> str:
        return str(self.circle_id)
