"""Devices in force: one's own, and others'."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils import timezone

from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.directory.models import Device


def devices_of(actor: Actor) -> list[dict[str, Any]]:
    """Return the actor's own devices, oldest first."""
    rows = Device.objects.filter(person_id=actor.id).order_by("added_at")
    return [{"id": d.id, "added_at": d.added_at, "revoked": d.revoked_at is not None} for d in rows]


def own_device(actor: Actor, device: str) -> Device:
    """
    Return the actor's own device, in force.

    :raises NotVisible: if it is another's, unknown, revoked or over.
    """
    found = Device.objects.filter(
        id=device, person_id=actor.id, revoked_at=None, until__gt=timezone.now()
    ).first()
    if found is None:
        raise NotVisible
    return found


def active_devices(people: Collection[UUID | str]) -> list[Device]:
    """Return all devices in force of these persons in force."""
    now = timezone.now()
    found = Device.objects.filter(person_id__in=people, revoked_at=None, until__gt=now)
    rows = found.select_related("person__account").order_by("added_at", "id")
    return [device for device in rows if device.person.in_force(now)]
