"""What is written about a request that was sent, and the encrypted files that go with it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casehub.core.models import HeadRow
from casehub.directory.models import Person

from ..codes import BOTH


class Letter(HeadRow):
    """
    What somebody who carries or drafts a request wrote to the others: ciphertext, signed inside.

    Its id is its author's own. `step` is the number of the move that it goes with, 0 if with none.
    `audience` is for whom it is: the people of both States, or the requesting one's own (`home`).
    """

    leans_on = ("requests.letter.sent",)

    id = models.UUIDField(primary_key=True)
    request = models.ForeignKey(
        "requests_mla.Request", on_delete=models.PROTECT, related_name="letters"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=2)
    audience = models.CharField(max_length=4, default=BOTH)
    step = models.PositiveIntegerField()
    at = models.DateTimeField()
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)

    class Meta:
        indexes = (models.Index(fields=["request", "person"], name="letter_share"),)

    def __str__(self) -> str:
        return f"{self.request_id} {self.id}"


class Enclosure(HeadRow):
    """
    An encrypted file of a letter, in pieces; its name, type and key stand in the letter, sealed.

    `id` is its uploader's own choice and is authenticated with every piece, `size` the padded one.
    Until a letter takes it along it is its uploader's alone; what no letter took is swept away.
    """

    leans_on = (
        "requests.enclosure.begun",
        "requests.enclosure.completed",
        "requests.enclosure.removed",
    )

    id = models.UUIDField(primary_key=True)
    request = models.ForeignKey(
        "requests_mla.Request", on_delete=models.PROTECT, related_name="enclosures"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(
        Letter, on_delete=models.SET_NULL, null=True, related_name="enclosures"
    )
    size = models.PositiveBigIntegerField()
    begun_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    removed_at = models.DateTimeField(null=True)
    # Its pieces are no longer in the storage.
    swept = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["person", "begun_at"], name="enclosure_budget"),
            models.Index(
                fields=["begun_at"], condition=Q(letter=None, swept=False), name="enclosure_loose"
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id} {self.id}"


class EnclosurePiece(models.Model):
    """One piece of an enclosure that is durably in the storage; `digest` is its SHA-256."""

    enclosure = models.ForeignKey(Enclosure, on_delete=models.CASCADE, related_name="pieces")
    index = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["enclosure", "index"], name="enclosure_piece_once"),
        )

    def __str__(self) -> str:
        return f"{self.enclosure_id}/{self.index}"


class EnclosureOpening(HeadRow):
    """
    Somebody opened an enclosure: until `OPENING_LASTS` after the `last` time they may fetch pieces.

    `at` is when they did so first. Each time leaves an event; here the newest one's id stands.
    """

    leans_on = ("requests.enclosure.opened",)

    id = models.BigAutoField(primary_key=True)
    enclosure = models.ForeignKey(Enclosure, on_delete=models.CASCADE, related_name="openings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    last = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["enclosure", "person"], name="enclosure_opened_once"),
        )

    def __str__(self) -> str:
        return f"{self.enclosure_id} {self.person_id}"


class LetterKey(models.Model):
    """
    A letter's key, sealed to one public key of somebody who may read it.

    `act` is the event of the act that gave it: the sending, or the sharing with who came later.
    """

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="keys")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=43)
    wrapped = models.BinaryField()
    act = models.BigIntegerField(editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["letter", "key"], name="letter_key_once"),)

    def __str__(self) -> str:
        return f"{self.letter_id} {self.person_id}"


class LetterMark(models.Model):
    """
    Up to which letter about a request somebody has read, private to them: `upto` is its event's id.

    Letters of one request come in the order of those ids; those for each audience are marked apart.
    """

    request = models.ForeignKey(
        "requests_mla.Request", on_delete=models.PROTECT, related_name="letter_marks"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=4, default=BOTH)
    upto = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["request", "person", "audience"], name="letter_mark_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id} {self.person_id} {self.upto}"
