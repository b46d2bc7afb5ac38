"""What a message may do to another one or to its whole thread; what is said there is sealed."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.db.models import Q

from audit.events import Event
from casehub.core.errors import Refused

from .. import framing, policies
from ..events import (
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
KINDS: Final = {
    "edit": MessageEdited,
    "withdraw": MessageWithdrawn,
    "acknowledge": MessageAcknowledged,
    "pin": MessagePinned,
    "unpin": MessageUnpinned,
}
OF_THREAD: Final = {"resolve": ThreadResolved, "reopen": ThreadReopened}
Place = tuple[UUID, int]  # a thread, and the number of an entry in it


def row_of(act: framing.MessageAct | None) -> str:
    """Return the act's name in the table of roles."""
    if act is None:
        return POST
    return f"messaging.{'thread' if act.what in OF_THREAD else 'message'}.{act.what}"


class Targets:
    """The messages that a batch acts on, read in two statements; none where nothing does."""

    def __init__(self, places: Collection[Place]) -> None:
        self._found: dict[Place, policies.Target] = {}
        places = {place for place in places if place[1] != framing.WHOLE}
        if not places:
            return
        for thread, seq, person in Entry.objects.filter(
            self._where("seq", places), kind=Entry.Kind.MESSAGE, about=None
        ).values_list("group_id", "seq", "device__person_id"):
            self._found[thread, seq] = policies.Target(person)
        done = Entry.objects.filter(self._where("about", places)).order_by("seq")
        for thread, about, act, person in done.values_list(
            "group_id", "about", "act", "device__person_id"
        ):
            target = self._found.get((thread, about or framing.WHOLE))
            if target is not None:
                target.take(act, person)

    @staticmethod
    def _where(name: str, places: Collection[Place]) -> Q:
        return reduce(or_, (Q(group_id=t, **{name: seq}) for t, seq in sorted(set(places))))

    def require(self, thread: UUID, act: framing.MessageAct, person: UUID) -> None:
        """
        Check an act by itself, and after those of its batch that came before it.

        :raises Refused: `message-unknown`, `message-not-yours`, `message-withdrawn`, `message-own`,
            `message-act-done`, `message-edits-many`.
        """
        if act.about == framing.WHOLE:
            return  # whoever came in late does not know how it stands: the last word counts
        target = self._found.get((thread, act.about))
        why_not = policies.why_not_act(act.what, target=target, person=person)
        if why_not is not None:
            raise Refused(why_not)

    def take(self, thread: UUID, act: framing.MessageAct, person: UUID) -> None:
        """Note an act that was accepted."""
        if act.about != framing.WHOLE:
            self._found[thread, act.about].take(act.what, person)


def event_of(entry: Entry, states: tuple[str, ...]) -> Event:
    """Return the event of a new message."""
    thread, device = str(entry.group_id), str(entry.device_id)
    if entry.about is None:
        return MessageAccepted(
            states=states,
            thread=thread,
            seq=entry.seq,
            epoch=entry.epoch,
            device=device,
            digest=entry.digest,
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
    return KINDS[entry.act](
        states=states,
        thread=thread,
        seq=entry.seq,
        about=entry.about,
        epoch=entry.epoch,
        device=device,
        digest=entry.digest,
    )
