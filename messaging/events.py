"""What the delivery service leaves in the log: ids, epochs and digests of ciphertext."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event, Value


@dataclass(frozen=True, slots=True)
class KeyPackagesPublished(Event):
    """A device left key packages for others to add it with."""

    kind = "messaging.key-packages.published"
    subject_field = "device"
    device: str
    count: int
    last_resort: bool


@dataclass(frozen=True, slots=True)
class KeyPackagesClaimed(Event):
    """A member took key packages in order to add these devices."""

    kind = "messaging.key-packages.claimed"
    subject_field = "thread"
    thread: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupStarted(Event):
    """The MLS group of a circle was begun at epoch 0."""

    kind = "messaging.group.started"
    subject_field = "thread"
    thread: str
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class CommitAccepted(Event):
    """A commit moved a group to its next epoch: which devices it added and removed."""

    kind = "messaging.commit.accepted"
    subject_field = "thread"
    thread: str
    seq: int
    epoch: int
    device: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    resync: bool
    digest: str


@dataclass(frozen=True, slots=True)
class MessageAccepted(Event):
    """
    An encrypted message was stored; `digest` is SHA-256 of its ciphertext.

    `urgent` says that its author calls it so; of others the entry does not speak of it.
    """

    kind = "messaging.message.accepted"
    subject_field = "thread"
    thread: str
    seq: int
    epoch: int
    device: str
    digest: str
    urgent: bool = False

    def payload(self) -> dict[str, Value]:
        """Return the event's own fields; `urgent` is among them only where it is true."""
        found = Event.payload(self)
        return found if self.urgent else {k: v for k, v in found.items() if k != "urgent"}


@dataclass(frozen=True, slots=True)
class MessageEdited(Event):
    """The author of the message at `about` gave it another text, which only members read."""

    kind = "messaging.message.edited"
    subject_field = "thread"
    thread: str
    seq: int
    about: int
    epoch: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class MessageWithdrawn(Event):
    """The author of the message at `about` took it back: members' programs show it no more."""

    kind = "messaging.message.withdrawn"
    subject_field = "thread"
    thread: str
    seq: int
    about: int
    epoch: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class MessageAcknowledged(Event):
    """A reader acknowledged receipt of the message at `about`."""

    kind = "messaging.message.acknowledged"
    subject_field = "thread"
    thread: str
    seq: int
    about: int
    epoch: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class MessagePinned(Event):
    """A member pinned the message at `about` for all who read the thread."""

    kind = "messaging.message.pinned"
    subject_field = "thread"
    thread: str
    seq: int
    about: int
    epoch: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class MessageUnpinned(Event):
    """A member took down the pin of the message at `about`."""

    kind = "messaging.message.unpinned"
    subject_field = "thread"
    thread: str
    seq: int
    about: int
    epoch: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class LeaveAsked(Event):
    """A reader asked the author of the message at `about` for leave to use it elsewhere."""

    kind = "messaging.message.leave-asked"
    subject_field = "thread"
    thread: str
    seq: int
    about: int
    asked: str
    epoch: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class LeaveGiven(Event):
    """The author of a message let `asker` use it as the entry at `about` had asked."""

    kind = "messaging.message.leave-given"
    subject_field = "thread"
    thread: str
    seq: int
    about: int
    asker: str
    epoch: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class LeaveRefused(Event):
    """The author of a message did not let `asker` use it; why, only the readers know."""

    kind = "messaging.message.leave-refused"
    subject_field = "thread"
    thread: str
    seq: int
    about: int
    asker: str
    epoch: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class ThreadResolved(Event):
    """A reader said that a thread has done its work; why, only its readers know."""

    kind = "messaging.thread.resolved"
    subject_field = "thread"
    thread: str
    seq: int
    epoch: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class ThreadReopened(Event):
    """A reader took up a resolved thread again; why, only its readers know."""

    kind = "messaging.thread.reopened"
    subject_field = "thread"
    thread: str
    seq: int
    epoch: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class HistoryGiven(Event):
    """
    A reader gave the person `to` messages from before they came.

    `count` of them, of the entries from `first` to `last`; which, only those two know.
    """

    kind = "messaging.history.given"
    subject_field = "thread"
    thread: str
    seq: int
    to: str
    first: int
    last: int
    count: int
    epoch: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class AttachmentBegun(Event):
    """A person began to upload an encrypted file into a thread; `bytes` is the padded size."""

    kind = "messaging.attachment.begun"
    subject_field = "attachment"
    attachment: str
    thread: str
    device: str
    bytes: int


@dataclass(frozen=True, slots=True)
class AttachmentCompleted(Event):
    """All pieces of a file are there; `digest` is over the SHA-256 of each (docs/files.md)."""

    kind = "messaging.attachment.completed"
    subject_field = "attachment"
    attachment: str
    thread: str
    device: str
    bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class AttachmentRemoved(Event):
    """Whoever had uploaded a file took it back: its pieces were destroyed."""

    kind = "messaging.attachment.removed"
    goes_on = True
    subject_field = "attachment"
    attachment: str
    thread: str
    device: str


@dataclass(frozen=True, slots=True)
class AttachmentOpened(Event):
    """A reader opened a file; recorded before the first byte of it left."""

    kind = "messaging.attachment.opened"
    goes_on = True
    subject_field = "attachment"
    attachment: str
    thread: str
    device: str


@dataclass(frozen=True, slots=True)
class WelcomeCollected(Event):
    """A device has joined durably and its welcome was destroyed."""

    kind = "messaging.welcome.collected"
    goes_on = True
    subject_field = "thread"
    thread: str
    device: str


@dataclass(frozen=True, slots=True)
class GroupInfoRead(Event):
    """A device that lost its state fetched the group's public state to come back."""

    kind = "messaging.group-info.read"
    goes_on = True
    subject_field = "thread"
    thread: str
    device: str
