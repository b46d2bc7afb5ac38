"""What a message may do to another one or to its whole thread; what is said there is sealed."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.db.models import Q

from audit.events import Event
from casehub.core.errors import Refused, require

from .. import framing, policies
from ..events import (
    HistoryGiven,
    LeaveAsked,
    LeaveGiven,
    LeaveRefused,
    MessageAccepted,
    MessageAcknowledged,
    MessageEdited,
    MessagePinned,
    MessageUnpinned,
    MessageWithdrawn,
    ThreadReopened,
    ThreadResolved,
)
from ..models import Entry

POST: Final = "messaging.message.post"
GIVE: Final = "messaging.history.give"
KINDS: Final = {
    "edit": MessageEdited,
    "withdraw": MessageWithdrawn,
    "acknowledge": MessageAcknowledged,
    "pin": MessagePinned,
    "unpin": MessageUnpinned,
}
ANSWERS: Final = {
    "give-leave": LeaveGiven,
    "refuse-leave": LeaveRefused,
}
ON_LEAVE: Final = frozenset({framing.ASK, *framing.ANSWERS})
OF_THREAD: Final = {"resolve": ThreadResolved, "reopen": ThreadReopened}
Place = tuple[UUID, int]  # a thread, and the number of an entry in it


def row_of(act: framing.MessageAct | None) -> str:
    """Return the act's name in the table of roles."""
    if act is None:
        return POST
    if act.what == framing.GIVE:
        return GIVE
    return f"messaging.{'thread' if act.what in OF_THREAD else 'message'}.{act.what}"


class Targets:
    """The messages that a batch acts on, read in two statements; none where nothing does."""

    def __init__(self, places: Collection[Place]) -> None:
        self._found: dict[Place, policies.Target | policies.Asking] = {}
        places = {place for place in places if place[1] != framing.WHOLE}
        if not places:
            return
        asked = self._read(places)
        places |= {place for place in asked.values() if place not in places}
        done = Entry.objects.filter(self._where("about", places)).order_by("seq")
        for thread, about, act, person in done.values_list(
            "group_id", "about", "act", "device__person_id"
        ):
            target = self._found.get((thread, about or framing.WHOLE))
            if target is not None:
                target.take(act, person)

    def _read(self, places: Collection[Place]) -> dict[Place, Place]:
        """Find the messages at `places`, and of what asks for leave also the one it is about."""
        asking: dict[Place, tuple[UUID, Place]] = {}
        rows = Entry.objects.filter(Q(about=None) | Q(act=framing.ASK), kind=Entry.Kind.MESSAGE)
        fields = ("group_id", "seq", "device__person_id", "about")
        for thread, seq, person, about in rows.filter(self._where("seq", places)).values_list(
            *fields
        ):
            if about is None:
                self._found[thread, seq] = policies.Target(person)
            else:
                asking[thread, seq] = (person, (thread, about))
        messages = {place for _, place in asking.values()} - self._found.keys()
        if messages:
            found = rows.filter(self._where("seq", messages), about=None)
            for thread, seq, person, _ in found.values_list(*fields):
                self._found[thread, seq] = policies.Target(person)
        for place, (person, message) in asking.items():
            target = self._found.get(message)
            if isinstance(target, policies.Target):
                self._found[place] = policies.Asking(person, target)
        return {place: message for place, (_, message) in asking.items()}

    @staticmethod
    def _where(name: str, places: Collection[Place]) -> Q:
        return reduce(or_, (Q(group_id=t, **{name: seq}) for t, seq in sorted(set(places))))

    def require(self, thread: UUID, act: framing.MessageAct, person: UUID) -> None:
        """
        Check an act by itself, and after those of its batch that came before it.

        :raises Refused: `message-unknown`, `message-not-yours`, `message-withdrawn`, `message-own`,
            `message-act-done`, `message-edits-many`, `leave-own`, `leave-not-yours`,
            `leave-asks-many`.
        """
        if act.about == framing.WHOLE:
            return  # whoever came in late does not know how it stands: the last word counts
        target = self._found.get((thread, act.about))
        why_not = policies.why_not_act(act.what, target=target, person=person)
        if why_not is not None:
            raise Refused(why_not)

    @staticmethod
    def require_grant(
        grant: framing.HistoryGrant,
        *,
        head: int,
        places: Collection[policies.Place],
        entitled: Collection[UUID],
    ) -> None:
        """
        Check what gives somebody earlier messages.

        :raises Refused: `history-not-reader`, `history-range`.
        """
        require(
            policies.why_not_give(
                first=grant.first,
                last=grant.last,
                count=grant.count,
                head=head,
                to=UUID(grant.to),
                places=places,
                entitled=entitled,
            )
        )

    def take(self, thread: UUID, act: framing.MessageAct, person: UUID) -> None:
        """Note an act that was accepted."""
        if act.about != framing.WHOLE:
            self._found[thread, act.about].take(act.what, person)

    def other(self, entry: Entry) -> UUID | None:
        """Return whose leave an entry asks for, or whose asking it answers; None of other acts."""
        target = self._found.get((entry.group_id, entry.about or framing.WHOLE))
        return None if target is None or entry.act not in ON_LEAVE else target.author


def event_of(
    entry: Entry,
    states: tuple[str, ...],
    *,
    other: UUID | None = None,
    grant: framing.HistoryGrant | None = None,
) -> Event:
    """Return a new message's event; `other` is `Targets.other` of it, `grant` what it gives."""
    thread, device = str(entry.group_id), str(entry.device_id)
    if grant is not None:
        return HistoryGiven(
            states=states,
            thread=thread,
            seq=entry.seq,
            to=grant.to,
            first=grant.first,
            last=grant.last,
            count=grant.count,
            epoch=entry.epoch,
            device=device,
            digest=entry.digest,
        )
    if entry.about is None:
        return MessageAccepted(
            states=states,
            thread=thread,
            seq=entry.seq,
            epoch=entry.epoch,
            device=device,
            digest=entry.digest,
            urgent=entry.urgent,
        )
    if entry.act in OF_THREAD:
        return OF_THREAD[entry.act](
            states=states,
            thread=thread,
            seq=entry.seq,
            epoch=entry.epoch,
            device=device,
            digest=entry.digest,
        )
    if entry.act == framing.ASK:
        return LeaveAsked(
            states=states,
            thread=thread,
            seq=entry.seq,
            about=entry.about,
            asked=str(other),
            epoch=entry.epoch,
            device=device,
            digest=entry.digest,
        )
    if entry.act in ANSWERS:
        return ANSWERS[entry.act](
            states=states,
            thread=thread,
            seq=entry.seq,
            about=entry.about,
            asker=str(other),
            epoch=entry.epoch,
            device=device,
            digest=entry.digest,
        )
    return KINDS[entry.act](
        states=states,
        thread=thread,
        seq=entry.seq,
        about=entry.about,
        epoch=entry.epoch,
        device=device,
        digest=entry.digest,
    )
