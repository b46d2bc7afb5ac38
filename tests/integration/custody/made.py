"""Exports for a court, for tests that need one to be there."""

from __future__ import annotations

from uuid import uuid4

from casehub.custody.models import Export


def lapsed_wish(region, thread, asker, *, box):
    """Leave a wish to carry some of a thread to a court, on which nobody has decided."""
    act = region.event(Export)
    return Export.objects.create(
        circle_id=thread,
        person_id=asker.id,
        state=asker.state,
        states=asker.state,
        first=1,
        last=1,
        messages=1,
        foreign=True,
        wish="0" * 64,
        box=box,
        keys=[{"device": asker.device, "key": "key"}],
        asked_at=region.now,
        lapses_at=region.now,
        asked_event=act,
        audit_event_id=act,
        client_id=uuid4(),
        request_digest="0" * 64,
    )
