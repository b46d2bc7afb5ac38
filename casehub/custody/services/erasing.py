"""What is destroyed of exports when what was said in circles is deleted: part of that act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from ..models import Export


def erase(*, circles: Collection[UUID], now: datetime) -> None:
    """
    Destroy the sealed wishes of exports from these circles, with the keys to them.

    One that lapsed, or is void, still has them: nothing runs when it does. That there was an
    export, with its digests, stays, as in the log: whoever holds the file can have it checked.
    """
    del now
    Export.objects.filter(circle__in=circles).update(box=b"", keys=[])
