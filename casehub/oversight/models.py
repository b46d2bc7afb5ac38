"""What auditors asked, took away, kept for themselves, and whom they asked to know by name."""

import uuid

from django.db import models

from casehub.core.models import HeadRow
from casehub.directory.models import Person


class Query(HeadRow):
    """
    One search of a State's acts. Its pages are parts of one act: nothing new enters them.

    What was asked stands in its event alone, and goes with that; `upto` is the newest entry there
    was.
    """

    leans_on = ("oversight.log.queried",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    asker = models.ForeignKey(Person, on_delete=models.PROTECT)
    state = models.CharField(max_length=2)
    upto = models.BigIntegerField()
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Export(HeadRow):
    """A query's entries as a file, up to what was cosigned when it was asked for."""

    leans_on = ("oversight.log.exported",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    query = models.ForeignKey(Query, on_delete=models.PROTECT)
    format = models.CharField(max_length=8)
    log = models.CharField(max_length=16)
    size = models.BigIntegerField()
    upto = models.BigIntegerField()
    count = models.BigIntegerField()
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class SavedView(HeadRow):
    """A filter that an auditor kept, sealed: it says what they look into."""

    leans_on = ("oversight.view.saved", "oversight.view.removed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class Wish(HeadRow):
    """What one auditor asks and a second one answers; it waits for them, not for ever."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    open_until = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.id)


class Answer(HeadRow):
    """What the second auditor said: one answer a wish, whoever comes first; agreed, until when."""

    decider = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField()
    decided_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class Unmasking(Wish):
    """
    Somebody's wish to know who a pseudonym is.

    Whom it is about, on what ground and under which reference stands in its event alone: once that
    is erased, so is the wish. `quarter` is that of the pseudonym.
    """

    leans_on = ("oversight.unmasking.asked",)

    state = models.CharField(max_length=2)
    quarter = models.CharField(max_length=6)

    class Meta:
        indexes = (models.Index(fields=["state", "-asked_at"]),)


class UnmaskingDecision(Answer):
    """What the second auditor said of it."""

    leans_on = ("oversight.unmasking.agreed", "oversight.unmasking.refused")

    unmasking = models.OneToOneField(
        Unmasking, on_delete=models.PROTECT, primary_key=True, related_name="decision"
    )


class UnmaskingNotice(HeadRow):
    """
    That the person whose name was given has been told, and confirmed it.

    Who it was stands in the events alone, here too.
    """

    leans_on = ("oversight.unmasking.told",)

    unmasking = models.OneToOneField(
        Unmasking, on_delete=models.PROTECT, primary_key=True, related_name="notice"
    )
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class Deferral(Wish):
    """
    Somebody's wish to tell the person later, as a court ordered.

    The ground and the order's number stand in its event alone. Until somebody agrees it puts
    nothing off.
    """

    leans_on = ("oversight.deferral.asked",)

    unmasking = models.ForeignKey(Unmasking, on_delete=models.PROTECT, related_name="deferrals")
    until = models.DateTimeField()


class DeferralDecision(Answer):
    """What the second auditor said of it."""

    leans_on = ("oversight.deferral.agreed", "oversight.deferral.refused")

    deferral = models.OneToOneField(
        Deferral, on_delete=models.PROTECT, primary_key=True, related_name="decision"
    )


class PairConsent(HeadRow):
    """
    That a State lets regional auditors see, masked, what concerns it and another State.

    It holds from `given_at` until it is withdrawn; both States of a pair have to give theirs.
    """

    leans_on = ("oversight.pair-consent.given", "oversight.pair-consent.withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.CharField(max_length=2)
    other = models.CharField(max_length=2)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["state", "other"],
                condition=models.Q(withdrawn_at=None),
                name="oversight_one_consent_a_pair",
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.other}"


class PairView(Wish):
    """
    A regional auditor's wish to see a quarter's acts that concern two States, masked.

    Ground and number stand in its event alone: once that is erased, so is the wish.
    """

    leans_on = ("oversight.pair-view.asked",)

    first = models.CharField(max_length=2)
    second = models.CharField(max_length=2)
    quarter = models.CharField(max_length=6)


class PairViewDecision(Answer):
    """What a second regional auditor said of it; `upto` is the newest entry there was then."""

    leans_on = ("oversight.pair-view.agreed", "oversight.pair-view.refused")

    pair_view = models.OneToOneField(
        PairView, on_delete=models.PROTECT, primary_key=True, related_name="decision"
    )
    upto = models.BigIntegerField()
