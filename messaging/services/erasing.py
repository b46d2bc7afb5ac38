"""What the delivery service destroys when what was said in circles is deleted: part of that act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ..models import (
    Attachment,
    Collection,
    Cursor,
    Entry,
    Group,
    Leaf,
    Opening,
    ReadMark,
    Welcome,
)


def erase(*, circles: Sequence[UUID], now: datetime) -> None:
    """
    Destroy the logs, groups, welcomes and marks of these circles; their files' pieces follow.

    Of a file a row stays that says it is to go, until `sweeping` has taken its pieces from the
    storage: a crash in between leaves nothing that nobody looks for.
    """
    for model in (Welcome, Collection, Cursor, ReadMark, Leaf, Entry):
        model.objects.filter(group__in=circles).delete()
    Group.objects.filter(circle__in=circles).delete()
    Opening.objects.filter(attachment__circle__in=circles).delete()
    Attachment.objects.filter(circle__in=circles, removed_at=None).update(removed_at=now)
