"""What ends of requests when the directory stops people or devices: part of that act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from casehub.directory.models import Device

from ..models import Enclosure


def cut_off(
    *,
    people: Collection[UUID],
    devices: Collection[UUID],
    for_good: bool,
    act: int,
    now: datetime,
) -> None:
    """
    End the uploads for letters that are under way of whoever was stopped.

    They are a person's and not a device's: where a device stops, all of its person end, for which
    of them it began nobody knows. What somebody had opened is asked about when they fetch it.

    No circle is held here: those of the delivery service's part are, and holding more after them
    would let two stops wait for each other.
    """
    del for_good, act
    whose = Device.objects.filter(id__in=devices).values("person")
    uploads = Enclosure.objects.filter(completed_at=None, removed_at=None)
    uploads.filter(Q(person__in=people) | Q(person__in=whose)).update(removed_at=now)
