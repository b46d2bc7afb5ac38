"""What offices print over their letters, and which documents were made of requests."""

import uuid

from django.db import models
from django.db.models import Q

from casehub.core.models import HeadRow
from casehub.directory.models import Device, Office, Person
from requests_mla.models import Request


class Letterhead(HeadRow):
    """One office's letterhead, its `number`-th; the newest counts, and none is ever removed."""

    leans_on = ("papers.letterhead.changed",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="letterheads")
    number = models.PositiveIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    signature = models.BinaryField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["office", "number"], name="letterhead_once"),
            models.UniqueConstraint(fields=["person", "client_id"], name="letterhead_request_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="letterhead_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.office_id} {self.number}"


class Making(HeadRow):
    """
    That documents of a version were made: commitments to the files, never the files.

    `files` holds `{kind, language, commitment}` with the commitment in hexadecimal, `recipients`
    ids of offices.
    """

    leans_on = ("papers.documents.made",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="makings")
    version = models.PositiveIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    letterhead = models.ForeignKey(
        Letterhead, null=True, on_delete=models.PROTECT, related_name="+"
    )
    template = models.CharField(max_length=64, blank=True)
    files = models.JSONField()
    recipients = models.JSONField()
    signature = models.BinaryField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "client_id"], name="making_request_once"),
        )
        indexes = (models.Index(fields=["request", "at"], name="makings_of_a_request"),)

    def __str__(self) -> str:
        return f"{self.request_id} v{self.version}"
