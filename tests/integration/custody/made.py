"""Exports for a court, for tests that need some to be there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from casehub.core.frames import to_b64u
from casehub.custody.models import Export
from messaging.models import Entry, Group
from tests.factories import Region, Someone

WISH = "ab" * 32
DIGESTS = {"bundle": "cd" * 32, "pdf": "ef" * 32}


def some_id() -> str:
    """Return an id of nothing."""
    return str(uuid4())


@dataclass
class Courts:
    """One that waits for the coordination, one that may be made, one that was made."""

    waiting: str = field(default_factory=some_id)
    ready: str = field(default_factory=some_id)
    made: str = field(default_factory=some_id)

    def of(self, act: str) -> str:
        """Return the one that an act is about."""
        return (
            self.waiting if act in {"custody.export.agree", "custody.export.refuse"} else self.ready
        )


def wish(**changes: Any) -> dict[str, Any]:
    """Return the body of a wish for the first entry of a thread."""
    usual = {
        "client_id": some_id(),
        "first": 1,
        "last": 1,
        "wish": WISH,
        "at": "2026-11-24T12:00:00Z",
        "foreign": False,
        "box": "",
        "keys": [],
    }
    return usual | changes


#  acts, and the body that each wants
BODIES = {
    "custody.export.ask": lambda _: wish(),
    "custody.export.agree": lambda _: {
        "wish": WISH,
        "at": "2026-11-24T12:00:00Z",
        "signature": to_b64u(bytes(64)),
    },
    "custody.export.refuse": lambda _: {"wish": WISH, "reason": "other"},
    "custody.export.make": lambda _: DIGESTS,
}


def export(region: Region, who: Someone, thread: UUID, **changes: Any) -> str:
    """Return somebody's export of a thread, by its row alone."""
    event = region.event(Export)
    usual = {
        "circle_id": thread,
        "person_id": who.person,
        "state": who.state,
        "states": who.state,
        "first": 1,
        "last": 1,
        "messages": 1,
        "foreign": False,
        "wish": WISH,
        "asked_at": region.now,
        "lapses_at": region.now + timedelta(hours=72),
        "asked_event": event,
        "audit_event_id": event,
        "client_id": uuid4(),
        "request_digest": "",
    }
    return str(Export.objects.create(**(usual | changes)).id)


def courts(region: Region, who: Someone, thread: UUID) -> Courts:
    """Make one of each."""
    return Courts(
        export(region, who, thread, foreign=True, keys=[{"device": some_id(), "key": "AA"}]),
        export(region, who, thread),
        export(region, who, thread, made_at=region.now, **DIGESTS),
    )


def said(region: Region, thread: UUID, *people: Someone) -> None:
    """Have each of `people` say something in a thread, as the log has it."""
    group = Group.objects.get(circle_id=thread)
    for who in people:
        group.head += 1
        Entry.objects.create(
            group=group,
            seq=group.head,
            kind=Entry.Kind.MESSAGE,
            epoch=0,
            device_id=who.device,
            client_id=uuid4(),
            body=b"sealed",
            digest="00" * 32,
            chain=bytes(32),
            at=region.now,
            audit_event_id=region.event(Entry),
        )
    group.save()


def lapsed_wish(region: Region, thread: UUID, asker: Someone, *, box: bytes) -> str:
    """Leave a wish on which nobody has decided, and nobody can any more."""
    keys = [{"device": str(asker.device), "key": "key"}]
    return export(region, asker, thread, foreign=True, box=box, keys=keys, lapses_at=region.now)
