"""
The log's tables. Triggers (migrations 0004 to 0006) hold on both databases what is said here.

Events lose nothing but, once and together, what an erasure takes. Entries, checkpoints and disputes
never change; tiles grow at their end; a log's size does not shrink; an event leaves the outbox only
once it has an entry.
"""

from django.db import models
from django.db.models.functions import Now


class AuditEvent(models.Model):
    """
    One recorded act. `leaf` is what the tree commits to; the rest can be erased.

    `payload` holds the canonical bytes, sealed under a key of this event (its salt and a secret
    outside the database). The columns kind, actor, subject and states repeat some of it for
    `Concern`, by which auditors search: here only ids are looked up, and an act pays for no other
    index.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    states = models.CharField(max_length=64, blank=True)
    salt = models.BinaryField(null=True)
    payload = models.BinaryField(null=True)
    leaf = models.BinaryField()
    directory = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"


class Waiting(models.Model):
    """
    The outbox: an event that is in no tree yet. A trigger makes it with the event.

    Not "every event above the last integrated": transactions commit out of the order of ids, and
    a late one would be lost. `since` is the database's own: how long the log is behind must not
    depend on the time that an act, and with it whoever writes acts, says of itself.
    """

    # No constraint in the database: events are never deleted, and every act pays for a check.
    event = models.OneToOneField(
        AuditEvent, on_delete=models.PROTECT, primary_key=True, db_constraint=False
    )
    since = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.pk)


class Log(models.Model):
    """One tree: its origin, how far it has grown, and whether it has been closed."""

    name = models.CharField(max_length=8)  # "acts" or "dir"
    origin = models.CharField(max_length=128, unique=True)
    opened_at = models.DateTimeField()
    closed = models.BooleanField(default=False)
    size = models.BigIntegerField(default=0)
    root = models.BinaryField()
    vkey = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.origin


class LogEntry(models.Model):
    """
    One leaf at its place. The log owns its bytes; `event` is empty for an entry about itself.

    `queued_at` is when its event entered the outbox, by the database's clock.
    """

    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    position = models.BigIntegerField()
    event = models.ForeignKey(AuditEvent, null=True, on_delete=models.PROTECT, db_constraint=False)
    leaf = models.BinaryField()
    queued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["log", "position"], name="audit_one_entry_a_place"),
            models.UniqueConstraint(fields=["log", "event"], name="audit_one_entry_an_event"),
        )

    def __str__(self) -> str:
        return f"{self.log_id}/{self.position}"


class Concern(models.Model):
    """
    One State that an entry of the acts concerns, and what its auditors search by.

    Made with the entry; `state` is empty for the region. An erasure empties kind, actor and
    subject: that there is an entry, and where, stays.
    """

    state = models.CharField(max_length=2, blank=True)
    at = models.DateTimeField()
    # No constraint in the database: entries are never deleted, and the sequencer pays for a check.
    entry = models.ForeignKey(
        LogEntry, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry", "state"], name="audit_one_concern_a_state"),
        )
        # Each begins with the State and ends with the order of a page: newest first.
        indexes = (
            models.Index(
                fields=["state", "at", "entry"],
                include=["kind", "actor", "subject"],
                name="audit_concern_at",
            ),
            models.Index(
                fields=["state", "kind", "at", "entry"],
                include=["actor"],
                name="audit_concern_kind",
            ),
            models.Index(fields=["state", "actor", "at", "entry"], name="audit_concern_actor"),
            models.Index(fields=["state", "subject", "at", "entry"], name="audit_concern_subject"),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} {self.state}"


class KeyChange(models.Model):
    """
    One key of a log follows another: the statement that both have signed (tlog/rotation.py).

    `Log.vkey` stays the first key. The sequencer places `leaf` in the directory's log; from then on
    both keys sign, and from `ends_at` on the new one alone.
    """

    leans_on = ("audit.key.rotated",)

    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    old = models.CharField(max_length=300)
    new = models.CharField(max_length=300, unique=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.TextField()
    leaf = models.BinaryField()
    entry = models.OneToOneField(LogEntry, null=True, on_delete=models.PROTECT)
    audit_event_id = models.BigIntegerField(unique=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["log", "old"], name="audit_one_key_follows_one"),
        )

    def __str__(self) -> str:
        return f"{self.log_id} {self.new}"


class Succession(models.Model):
    """
    A log is closed and another one takes over, as its key cannot be trusted any more.

    The sequencer does it, as at the turn of the year; `vkey` is the other one's first key.
    """

    leans_on = ("audit.log.succeeded",)

    log = models.OneToOneField(Log, on_delete=models.PROTECT)
    origin = models.CharField(max_length=128, unique=True)
    vkey = models.CharField(max_length=300)
    audit_event_id = models.BigIntegerField(unique=True, editable=False)

    def __str__(self) -> str:
        return self.origin


class Tile(models.Model):
    """Up to 256 hashes of one level, as they are served."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["log", "level", "number"], name="audit_one_tile_a_place"
            ),
        )

    def __str__(self) -> str:
        return f"{self.log_id}/{self.level}/{self.number}"


class SignedCheckpoint(models.Model):
    """A checkpoint with the log's signature, as it went to the witnesses."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    size = models.BigIntegerField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["log", "size"], name="audit_one_checkpoint_a_size"),
        )

    def __str__(self) -> str:
        return f"{self.log_id}/{self.size}"


class PublishedCheckpoint(models.Model):
    """
    A signed checkpoint that others may rely on: with the cosignatures of a quorum.

    Of one size there may be several: witnesses say every hour that they still see the same tree.
    """

    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    size = models.BigIntegerField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["log", "-size", "-id"], name="audit_newest_published"),)

    def __str__(self) -> str:
        return f"{self.log_id}/{self.size}"


class Submission(models.Model):
    """The one note of a log that lies before its witnesses now; it makes room for the next."""

    log = models.OneToOneField(Log, on_delete=models.PROTECT)
    size = models.BigIntegerField()
    note = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.log_id}/{self.size}"


class Cosignature(models.Model):
    """A witness's line under the note that lies before it."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE)
    witness = models.CharField(max_length=128)
    line = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["submission", "witness"], name="audit_one_line_a_witness"
            ),
        )

    def __str__(self) -> str:
        return self.witness


class Sighting(models.Model):
    """When a witness last cosigned a log, up to where, and what is the matter with it since."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    witness = models.CharField(max_length=128)
    size = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=32, blank=True)
    since = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["log", "witness"], name="audit_one_sighting"),
        )

    def __str__(self) -> str:
        return f"{self.log_id}/{self.witness}"


class Dispute(models.Model):
    """Two notes signed by the log that no one tree can have: what a witness holds, and ours."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    witness = models.CharField(max_length=128)
    theirs = models.TextField()
    ours = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.log_id}/{self.witness}"
