"""What auditors asked, took away, kept for themselves, and whom they asked to know by name."""

import uuid

from django.db import models

from casehub.core.models import HeadRow
from casehub.directory.models import Person


class Query(HeadRow):
    """
    One search of a State's acts. Its pages are parts of one act: nothing new enters them.

    `asked` is the filter as it was sent; `upto` the newest entry there was.
    """

    leans_on = ("oversight.log.queried",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    asker = models.ForeignKey(Person, on_delete=models.PROTECT)
    state = models.CharField(max_length=2)
    asked = models.JSONField()
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


class Unmasking(HeadRow):
    """Somebody's wish to know who a pseudonym is; it waits for a second auditor, not for ever."""

    leans_on = ("oversight.unmasking.asked",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.CharField(max_length=2)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    pseudonym = models.CharField(max_length=16)
    quarter = models.CharField(max_length=6)
    ground = models.CharField(max_length=32)
    reference = models.CharField(max_length=64)
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    open_until = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["state", "-asked_at"]),)

    def __str__(self) -> str:
        return str(self.id)


class UnmaskingDecision(HeadRow):
    """What the second auditor said; one decision a wish, whoever comes first."""

    leans_on = ("oversight.unmasking.agreed", "oversight.unmasking.refused")

    unmasking = models.OneToOneField(
        Unmasking, on_delete=models.PROTECT, primary_key=True, related_name="decision"
    )
    decider = models.ForeignKey(Person, on_delete=models.PROTECT)
    agreed = models.BooleanField()
    decided_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.unmasking_id)
