"""Opaque bytes in order: groups, their logs, key packages, welcomes and attachments."""

import uuid

from django.db import models
from django.db.models import Q

from casehub.cases.models import Circle
from casehub.core.models import HeadRow
from casehub.directory.models import Device, Person


class Group(HeadRow):
    """
    The MLS group of one circle, as its last accepted commit left it.

    `head` is the last `seq` given, `chain` the hash over the whole log up to it (docs/wire.md).
    `group_info` is the public state under which the next commit is judged. `stated_log` and
    `stated_size` are the most of the directory that a commit has stated, no log if none has; no
    size where that was not kept yet.
    """

    leans_on = ("messaging.group.started", "messaging.commit.accepted")

    circle = models.OneToOneField(Circle, primary_key=True, on_delete=models.PROTECT)
    epoch = models.PositiveBigIntegerField(default=0)
    head = models.PositiveBigIntegerField(default=0)
    chain = models.BinaryField()
    group_info = models.BinaryField()
    info_seq = models.PositiveBigIntegerField(default=0)
    info_chain = models.BinaryField()
    stated_log = models.CharField(max_length=128, default="")
    stated_size = models.BigIntegerField(null=True)
    client_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.circle_id} @{self.epoch}"


class Leaf(models.Model):
    """A device in a group's ratchet tree at its present epoch; written with the group's act."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="leaves")
    index = models.PositiveIntegerField()
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    since_epoch = models.PositiveBigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["group", "index"], name="leaf_once"),
            models.UniqueConstraint(fields=["group", "device"], name="device_once_in_group"),
        )

    def __str__(self) -> str:
        return f"{self.group_id}/{self.index}"


class Entry(HeadRow):
    """
    One position of a group's append-only log.

    `act` says what a message does to the one at `about`, or at 0 to the thread, in the words of its
    authenticated data; what is said there stays encrypted. `urgent`: its author calls it that.
    """

    leans_on = (
        "messaging.message.accepted",
        "messaging.message.edited",
        "messaging.message.withdrawn",
        "messaging.message.acknowledged",
        "messaging.message.pinned",
        "messaging.message.unpinned",
        "messaging.message.leave-asked",
        "messaging.message.leave-given",
        "messaging.message.leave-refused",
        "messaging.thread.resolved",
        "messaging.thread.reopened",
        "messaging.history.given",
        "messaging.commit.accepted",
    )

    class Kind(models.IntegerChoices):
        """What the bytes are."""

        COMMIT = 1
        MESSAGE = 2

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField()
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    epoch = models.PositiveBigIntegerField()
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    client_id = models.UUIDField()
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    chain = models.BinaryField()
    resync = models.BooleanField(default=False)
    act = models.CharField(max_length=16, default="", blank=True)
    about = models.PositiveBigIntegerField(null=True)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["group", "seq"], name="seq_once"),
            models.UniqueConstraint(fields=["device", "client_id"], name="client_id_once"),
            models.UniqueConstraint(
                fields=["group", "epoch"], condition=Q(kind=1), name="one_commit_an_epoch"
            ),
        )
        indexes = (
            models.Index(
                fields=["group", "about"], condition=Q(about__isnull=False), name="acts_on_entry"
            ),
            models.Index(
                fields=["device", "at"], condition=Q(urgent=True), name="urgent_of_device"
            ),
        )

    def __str__(self) -> str:
        return f"{self.group_id}#{self.seq}"


class KeyPackage(models.Model):
    """A key package that waits to be claimed once; the last-resort one stays."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    ref = models.BinaryField(unique=True)
    body = models.BinaryField()
    last_resort = models.BooleanField(default=False)
    not_after = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    # The event of the act which published it, later of the one that claimed it.
    act = models.BigIntegerField(editable=False)

    class Meta:
        indexes = (models.Index(fields=["device", "claimed_at", "not_after"]),)
        constraints = (
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(last_resort=True, claimed_at=None),
                name="one_last_resort",
            ),
        )

    def __str__(self) -> str:
        return f"{self.device_id}"


class Publication(HeadRow):
    """One act of publishing or claiming key packages: the head row of that act."""

    leans_on = ("messaging.key-packages.published", "messaging.key-packages.claimed")

    id = models.BigAutoField(primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    at = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.device_id} {self.count}"


class Welcome(models.Model):
    """A welcome that waits for one device; destroyed once the device has joined durably."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    group = models.ForeignKey(Group, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    seq = models.PositiveBigIntegerField()
    chain = models.BinaryField()
    body = models.BinaryField()
    act = models.BigIntegerField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["group", "device", "seq"], name="welcome_once"),
        )

    def __str__(self) -> str:
        return f"{self.group_id} {self.device_id}"


class Collection(HeadRow):
    """A device took its welcome, or the group's public state: the head row of that act."""

    leans_on = ("messaging.welcome.collected", "messaging.group-info.read")

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.group_id} {self.device_id}"


class Cursor(models.Model):
    """How far a device has durably processed a group: a rolled-back profile shows against it."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    seq = models.PositiveBigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["group", "device"], name="cursor_once"),)

    def __str__(self) -> str:
        return f"{self.group_id} {self.device_id} {self.seq}"


class ReadMark(models.Model):
    """
    How far a person has read, private to their own devices.

    `unread` is the entry from which on they keep the thread as unread, until they read it again.
    """

    group = models.ForeignKey(Group, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    seq = models.PositiveBigIntegerField()
    unread = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["group", "person"], name="mark_once"),)

    def __str__(self) -> str:
        return f"{self.group_id} {self.person_id} {self.seq}"


class Attachment(HeadRow):
    """
    An encrypted file of a circle, in pieces; its name, type and key are in messages, sealed.

    `id` is its uploader's own choice and is authenticated with every piece. `size` is the padded
    one. Once removed, or swept away unfinished, the row stays and its pieces are gone.
    """

    leans_on = (
        "messaging.attachment.begun",
        "messaging.attachment.completed",
        "messaging.attachment.removed",
    )

    id = models.UUIDField(primary_key=True)
    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="attachments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    size = models.PositiveBigIntegerField()
    begun_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    removed_at = models.DateTimeField(null=True)
    # Its pieces are no longer in the storage.
    swept = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["person", "begun_at"]),
            models.Index(
                fields=["begun_at"], condition=Q(completed_at=None), name="unfinished_uploads"
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class Chunk(models.Model):
    """One piece of an attachment that is durably in the storage; `digest` is its SHA-256."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="chunks")
    index = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["attachment", "index"], name="chunk_once"),)

    def __str__(self) -> str:
        return f"{self.attachment_id}/{self.index}"


class Opening(HeadRow):
    """A device opened an attachment: until `OPENING_LASTS` has passed it may fetch its pieces."""

    leans_on = ("messaging.attachment.opened",)

    id = models.BigAutoField(primary_key=True)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["attachment", "device", "at"]),)

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.device_id}"
