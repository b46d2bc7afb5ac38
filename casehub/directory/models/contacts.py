"""What the directory shows besides: competences, hours, contacts, and what was changed."""

from __future__ import annotations

import uuid

from django.db import models

from casehub.core.models import HeadRow

from .people import Office, Person, State


class Competence(HeadRow):
    """
    Which office is a State's central authority for an instrument, from a day on.

    `instrument` is its id in the rulebook, or empty for whatever has none of its own. The newest
    that has begun counts; `until` is the first day on which it counts no longer.
    """

    leans_on = ("directory.competence.entered", "directory.competence.ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.ForeignKey(State, on_delete=models.PROTECT)
    instrument = models.CharField(max_length=40)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    since = models.DateField()
    until = models.DateField(null=True)
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=6)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["state", "instrument", "since"], name="directory_one_competence_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.state_id} {self.instrument}"


class Hours(HeadRow):
    """When a person works, on the clocks of their post; `days` are ISO weekdays: 12345."""

    leans_on = ("directory.hours.changed",)

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT)
    zone = models.CharField(max_length=40)
    days = models.CharField(max_length=7)
    opens = models.CharField(max_length=5)
    closes = models.CharField(max_length=5)

    def __str__(self) -> str:
        return str(self.person_id)


class Contact(HeadRow):
    """
    How a person is reached outside the platform: sealed under a key outside the database.

    No circle could read it before a case is shared, so it is not end-to-end encrypted.
    """

    leans_on = ("directory.contact.changed",)

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT)
    sealed = models.BinaryField()
    duty = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person_id)


class ContactOpening(HeadRow):
    """That somebody was shown a person's contact: for that person to see."""

    leans_on = ("directory.contact.opened",)

    person = models.ForeignKey(Person, related_name="openings", on_delete=models.PROTECT)
    by = models.ForeignKey(Person, related_name="opened_contacts", on_delete=models.PROTECT)
    case = models.UUIDField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} by {self.by_id}"


class Change(models.Model):
    """
    What an entry of the directory said before: its State's memory of it.

    `was` holds the former fields, never a contact's. The log's event says that it changed; this
    row says from what, and is no act of its own.
    """

    state = models.ForeignKey(State, null=True, on_delete=models.PROTECT)
    subject = models.UUIDField(db_index=True)
    what = models.CharField(max_length=40)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    was = models.JSONField()

    def __str__(self) -> str:
        return f"{self.what} {self.subject}"
