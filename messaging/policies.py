"""Why not, in a group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from . import limits

RESYNC_EVERY = timedelta(hours=1)
MOST_PACKAGES = 120  # key packages that one device may leave


@dataclass(frozen=True, slots=True)
class Place:
    """A leaf of a group: whose device it is, and whether that device may read on now."""

    index: int
    device: UUID
    person: UUID
    in_force: bool


def outstanding(places: Collection[Place], entitled: Collection[UUID]) -> list[Place]:
    """Return the leaves that must go: their device is not in force or their person not entitled."""
    return [p for p in places if not p.in_force or p.person not in entitled]


def why_not_post(
    *, places: Collection[Place], device: UUID | None, entitled: Collection[UUID]
) -> str | None:
    """
    Return why `device` may not post now, or None.

    While a leaf is in the epoch which must go, nothing is accepted: it would be encrypted to it.
    """
    if device is None or all(p.device != device for p in places):
        return "device-not-in-group"
    if outstanding(places, entitled):
        return "removal-pending"
    return None


MOST_EDITS = 50  # of one message: every reader keeps each of its texts
MOST_ASKS = 10  # of one person, for leave to use one message: nobody's bar another one's


@dataclass(slots=True)
class Target:
    """A message that an act is about: whose it is, and what was done to it so far."""

    author: UUID
    withdrawn: bool = False
    pinned: bool = False
    acknowledged: set[UUID] = field(default_factory=set)
    edits: int = 0
    asks: Counter[UUID] = field(default_factory=Counter)

    def take(self, act: str, person: UUID) -> None:
        """Note an act that was accepted."""
        if act == "withdraw":
            self.withdrawn, self.pinned = True, False
        elif act == "acknowledge":
            self.acknowledged.add(person)
        elif act == "edit":
            self.edits += 1
        elif act == "ask-leave":
            self.asks[person] += 1
        elif act in {"pin", "unpin"}:
            self.pinned = act == "pin"


@dataclass(slots=True)
class Asking:
    """An act by which `author` asked the author of `message` for leave to use it elsewhere."""

    author: UUID
    message: Target
    answered: bool = False

    def take(self, _act: str, _person: UUID) -> None:
        """Note an answer that was accepted."""
        self.answered = True


def why_not_answer(act: str, *, asking: Target | Asking | None, person: UUID) -> str | None:
    """Return why `person` may not give or refuse the leave that was asked for, or None."""
    if not isinstance(asking, Asking):
        return "message-unknown"
    if asking.message.author != person:
        return "leave-not-yours"
    if asking.answered:
        return "message-act-done"
    return "message-withdrawn" if act == "give-leave" and asking.message.withdrawn else None


def why_not_act(act: str, *, target: Target | Asking | None, person: UUID) -> str | None:
    """
    Return why `person` may not do `act` to a message, or None.

    `target` is None where no message of the thread stands at that place, or an act does. Whether
    a message asks for its acknowledgement stands in its text, so that is the readers' to judge.
    """
    if act in {"give-leave", "refuse-leave"}:
        return why_not_answer(act, asking=target, person=person)
    if not isinstance(target, Target):
        return "message-unknown"
    if act in {"edit", "withdraw"} and target.author != person:
        return "message-not-yours"
    if target.withdrawn:
        return "message-withdrawn"
    done = {
        # Of which of its texts is sealed: an edited message may be acknowledged anew.
        "acknowledge": person in target.acknowledged and target.edits == 0,
        "pin": target.pinned,
        "unpin": not target.pinned,
    }
    return _why_not_own(act, target, person) or ("message-act-done" if done.get(act) else None)


def _why_not_own(act: str, target: Target, person: UUID) -> str | None:
    """Return why not, by whose the message is and how often that was done to it."""
    if act == "acknowledge" and target.author == person:
        return "message-own"
    if act == "ask-leave" and target.author == person:
        return "leave-own"
    if act == "ask-leave" and target.asks[person] >= MOST_ASKS:
        return "leave-asks-many"
    return "message-edits-many" if act == "edit" and target.edits >= MOST_EDITS else None


def why_not_give(
    *,
    first: int,
    last: int,
    count: int,
    head: int,
    to: UUID,
    places: Collection[Place],
    entitled: Collection[UUID],
) -> str | None:
    """
    Return why `count` messages of the entries from `first` to `last` may not be given to `to`.

    Whoever is given something reads the thread and has a device in its group. What exactly is
    given is sealed, so which of it they could read already is not for the server to judge.
    """
    if to not in entitled or all(p.person != to for p in places):
        return "history-not-reader"
    return "history-range" if last > head or first > last or count > last - first + 1 else None


def why_not_urgent(*, of_day: int) -> str | None:
    """Return why somebody who called `of_day` messages urgent in 24 hours may not call one more."""
    return "message-urgent-many" if of_day >= limits.URGENT_A_DAY else None


def why_not_kept_as_is(*, closed: bool, held: bool) -> str | None:
    """
    Return why nothing may be said in a thread, or taken back from it, or None.

    `held`: it is to be taken back, and a legal hold says that it stays.
    """
    if closed:
        return "case-closed"
    return "case-held" if held else None


def why_not_begin(*, size: int, of_day: int, of_case: int, unfinished: int) -> str | None:
    """
    Return why so many padded bytes may not be begun to upload, or None.

    `of_day` bytes are the person's of 24 hours, `of_case` those of the case, `unfinished` how many
    uploads of theirs wait to go on.
    """
    if unfinished >= limits.MOST_UPLOADS:
        return "attachment-uploads-many"
    if of_day + size > limits.DAY_BYTES:
        return "attachment-day-full"
    return why_not_kept(size=size, of_case=of_case)


def why_not_kept(*, size: int, of_case: int) -> str | None:
    """Return why a case that has `of_case` bytes may not have `size` more, or None."""
    return "attachment-case-full" if of_case + size > limits.CASE_BYTES else None


@dataclass(frozen=True, slots=True)
class Change:
    """What a checked commit does to the roster."""

    added: tuple[Place, ...]
    removed: tuple[int, ...]
    resync: bool


def why_not_commit(
    change: Change,
    *,
    places: Collection[Place],
    entitled: Collection[UUID],
    last_resync: datetime | None,
    now: datetime,
    waiting: Collection[UUID] = (),
) -> str | None:
    """
    Return why a well-formed commit may not move the group, or None.

    Adds need a device in force of an entitled person who is not of those `waiting` for their
    designation to count here: browsers would freeze the thread. Removals need a leaf
    that must go; while one must go, only a removal is taken.
    """
    must_go = {p.index for p in outstanding(places, entitled)}
    if change.resync:
        soon = last_resync is not None and now - last_resync < RESYNC_EVERY
        return "resync-too-soon" if soon else None
    why = _why_not_added(change.added, places=places, entitled=entitled, waiting=waiting)
    if why is not None:
        return why
    if any(index not in must_go for index in change.removed):
        return "removal-not-authorised"
    if must_go and not change.removed:
        return "removal-pending"
    return None


def _why_not_added(
    added: Collection[Place],
    *,
    places: Collection[Place],
    entitled: Collection[UUID],
    waiting: Collection[UUID],
) -> str | None:
    if any(not p.in_force or p.person not in entitled for p in added):
        return "addition-not-entitled"
    if any(p.person in waiting for p in added):
        return "person-limited"
    if {p.device for p in added} & {p.device for p in places}:
        return "device-already-in-group"
    return None
