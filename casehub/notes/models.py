"""First-line information: one note to one State, and what became of it."""

import uuid

from django.db import models
from django.db.models import Q

from casehub.cases.models import Case, Circle
from casehub.core.models import HeadRow
from casehub.directory.models import Person


class Note(HeadRow):
    """
    That focal points of a State were told something out of a case that it is not in.

    What, stands in its circle, encrypted. `case` is the sending State's to know, and
    `joined_case` the other's.
    """

    leans_on = (
        "notes.note.sent",
        "notes.note.acknowledged",
        "notes.note.declined",
        "notes.note.joined",
        "notes.note.used",
        "notes.note.led",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    circle = models.OneToOneField(Circle, on_delete=models.PROTECT, related_name="note")
    sender = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sender_state = models.CharField(max_length=2)
    state = models.CharField(max_length=2)
    sent_at = models.DateTimeField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)
    acknowledged_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=16, default="", blank=True)
    joined_at = models.DateTimeField(null=True)
    joined_case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", null=True)
    used_at = models.DateTimeField(null=True)
    led_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sender", "client_id"], name="note_request_once"),
            models.CheckConstraint(
                condition=Q(declined_at=None) | Q(joined_at=None, used_at=None, led_at=None),
                name="declined_came_to_nothing",
            ),
        )
        indexes = (
            models.Index(fields=["sender_state", "sent_at"]),
            models.Index(fields=["state", "sent_at"]),
        )

    def __str__(self) -> str:
        return f"{self.sender_state} {self.state}"
