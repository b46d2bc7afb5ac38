"""What the delivery service does when the directory stops people or devices: part of that act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from casehub.cases import notify as cases_notify
from casehub.cases import queries as cases
from casehub.cases.models import Reader

from ..models import Attachment, KeyPackage, Leaf, Welcome


def cut_off(
    *,
    people: Collection[UUID],
    devices: Collection[UUID],
    for_good: bool,
    act: int,
    now: datetime,
) -> None:
    """
    Void what waits for devices that were stopped, and have others take them out of their groups.

    `people` were stopped whole, `devices` are theirs or a person's one device. Welcomes are
    destroyed, uploads that are under way end; key packages are used up when the stop is `for_good`,
    so that nobody is handed one.

    The circles are held as by whoever stores a message: what was accepted before is before the
    stop, and what comes after meets it.
    """
    circles = set(
        Reader.objects.filter(person__in=people, until=None).values_list("circle", flat=True)
    ) | set(Leaf.objects.filter(device__in=devices).values_list("group", flat=True))
    cases.hold(circles)
    Welcome.objects.filter(device__in=devices).delete()
    uploads = Attachment.objects.filter(completed_at=None, removed_at=None)
    uploads.filter(Q(person__in=people) | Q(device__in=devices)).update(removed_at=now)
    if for_good:
        waiting = KeyPackage.objects.filter(device__in=devices, claimed_at=None)
        waiting.update(claimed_at=now, act=act)
    cases_notify.roster_stale(circles)
