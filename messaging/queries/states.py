"""How threads stand: epoch, leaves, and who is entitled to read with which devices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from casehub.cases import queries as cases
from casehub.core.actor import Actor
from casehub.directory import queries as directory
from casehub.directory.models import Device

from .. import limits
from ..models import Cursor, Group, Leaf
from ..policies import Place


def places_of(groups: Iterable[UUID], now: datetime) -> dict[UUID, list[Place]]:
    """Return each group's leaves: whether their devices are in force, and their persons read."""
    out: dict[UUID, list[Place]] = {}
    rows = Leaf.objects.filter(group__in=list(groups)).select_related(
        "device__person__account", "device__person__state"
    )
    for leaf in rows.order_by("index"):
        device, person = leaf.device, leaf.device.person
        in_force = device.revoked_at is None and device.until > now and person.reads(now)
        place = Place(leaf.index, device.id, person.id, in_force)
        out.setdefault(leaf.group_id, []).append(place)
    return out


def state_for(actor: Actor, thread: UUID) -> dict[str, Any]:
    """
    Return a thread's epoch, roster, and who is entitled to it with their devices in force.

    :raises NotVisible: if the actor does not read it.
    """
    cases.circle_for(actor, thread)
    return _states(actor, [thread])[thread]


def states_for(actor: Actor, *, after: UUID | None) -> list[dict[str, Any]]:
    """
    Return the same of the threads that the actor reads, by id, from the one after `after` on.

    At most `limits.STATES_AT_ONCE`: whoever comes back asks once for hundreds, not for each.
    """
    threads = cases.readable(actor).order_by("id")
    if after is not None:
        threads = threads.filter(id__gt=after)
    found = list(threads.values_list("id", flat=True)[: limits.STATES_AT_ONCE])
    states = _states(actor, found)
    return [{"thread": thread, **states[thread]} for thread in found]


def _states(actor: Actor, threads: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return how threads stand that the actor reads: as many questions for all as for one."""
    now = timezone.now()
    groups = Group.objects.in_bulk(threads)
    readers = cases.readers_of(threads)
    places = places_of(threads, now)
    marks: dict[UUID, int] = {}
    if actor.device:
        rows = Cursor.objects.filter(group_id__in=threads, device_id=actor.device)
        marks = dict(rows.values_list("group_id", "seq"))
    people = {person for entitled in readers.values() for person in entitled}
    kept = {place.device for found in places.values() for place in found}
    devices: dict[UUID, list[Device]] = {}
    for device in directory.active_devices(people, kept=kept):
        devices.setdefault(device.person_id, []).append(device)

    def entitled_to(thread: UUID) -> list[dict[str, Any]]:
        # Whoever's designation is over keeps the leaves they have for a week, and gets no other.
        here = {place.device for place in places.get(thread, [])}
        return [
            {
                "person": person,
                "devices": [
                    device.id
                    for device in devices.get(person, [])
                    if device.id in here or device.person.in_force(now)
                ],
            }
            for person in sorted(readers.get(thread, set()), key=str)
        ]

    return {
        thread: {
            "started": thread in groups,
            "epoch": groups[thread].epoch if thread in groups else 0,
            "head": groups[thread].head if thread in groups else 0,
            "acknowledged": marks.get(thread, 0),
            "roster": [
                {"leaf": p.index, "device": p.device, "person": p.person}
                for p in places.get(thread, [])
            ],
            "entitled": entitled_to(thread),
        }
        for thread in threads
    }
