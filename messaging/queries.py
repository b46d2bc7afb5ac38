"""Reading threads: always through the circle of whoever asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from casehub.cases import queries as cases
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from casehub.directory import queries as directory
from casehub.directory.models import Device

from . import framing
from .models import Cursor, Entry, Group, KeyPackage, Leaf, ReadMark, Welcome
from .policies import Place

KINDS = {Entry.Kind.COMMIT: "commit", Entry.Kind.MESSAGE: "message"}
PAGE = 500  # entries at most in one answer
PAGE_BYTES = 4 * 1024 * 1024


def device_of(actor: Actor) -> Device:
    """
    Return the device that the actor's session works as.

    :raises Refused: `device-needed` if it works as none, or that device is not in force.
    """
    if actor.device is None:
        raise Refused("device-needed")
    try:
        return directory.own_device(actor, actor.device)
    except NotVisible:
        raise Refused("device-needed") from None


def group_for(actor: Actor, thread: UUID, *, lock: bool = False) -> Group:
    """
    Return the group of a circle that `actor` reads.

    :raises NotVisible: if they do not read it.
    :raises Refused: `not-started` if nobody has begun the group yet.
    """
    if lock:
        cases.hold([thread])
    cases.circle_for(actor, thread)
    rows = Group.objects.filter(circle_id=thread)
    if lock and connection.vendor != "sqlite":
        rows = rows.select_for_update()
    found = rows.first()
    if found is None:
        raise Refused("not-started")
    return found


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


def entry_shape(entry: Entry) -> dict[str, Any]:
    """Return an entry in its wire form."""
    return {
        "seq": entry.seq,
        "kind": KINDS[Entry.Kind(entry.kind)],
        "epoch": entry.epoch,
        "device": str(entry.device_id),
        "id": str(entry.client_id),
        "at": entry.at.isoformat().replace("+00:00", "Z"),
        "body": to_b64u(entry.body),
        "chain": to_b64u(entry.chain),
    }


def _page(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    size = 0
    for entry in entries:
        size += len(entry.body)
        if out and size > PAGE_BYTES:
            break
        out.append(entry_shape(entry))
    return out


def log_for(actor: Actor, thread: UUID, *, after: int, limit: int) -> dict[str, Any]:
    """
    Return the entries after `after`, contiguous, at most `limit` of them and 4 MiB.

    :raises NotVisible: if the actor does not read the thread.
    """
    group = group_for(actor, thread)
    rows = Entry.objects.filter(group=group, seq__gt=after).order_by("seq")
    return {"head": group.head, "entries": _page(rows[: min(limit, PAGE)])}


def entries_after(thread: UUID, after: int) -> list[dict[str, Any]]:
    """Return what a process hands to its sockets; who may have it is asked in `audience`."""
    rows = Entry.objects.filter(group_id=thread, seq__gt=after).order_by("seq")
    return _page(rows[:PAGE])


def audience(thread: UUID) -> set[str]:
    """Return the ids of the persons who may read a thread at this moment."""
    return {str(p) for p in cases.readers_of([thread]).get(thread, set())}


def heads_of(threads: Collection[UUID]) -> dict[str, int]:
    """Return the newest `seq` of each started group."""
    rows = Group.objects.filter(circle_id__in=threads).values_list("circle_id", "head")
    return {str(thread): head for thread, head in rows}


def reads_of(person: str) -> dict[str, int]:
    """Return how far a person has read each thread."""
    rows = ReadMark.objects.filter(person_id=person).values_list("group_id", "seq")
    return {str(thread): seq for thread, seq in rows}


def unread_of(person: str) -> dict[str, int]:
    """Return from which entry on a person keeps threads as unread."""
    rows = ReadMark.objects.filter(person_id=person).values_list("group_id", "unread")
    return {str(thread): seq for thread, seq in rows if seq is not None}


def cursors_of(device: str) -> dict[str, int]:
    """Return how far a device has durably processed each thread."""
    rows = Cursor.objects.filter(device_id=device).values_list("group_id", "seq")
    return {str(thread): seq for thread, seq in rows}


def state_for(actor: Actor, thread: UUID) -> dict[str, Any]:
    """
    Return a thread's epoch, roster, and who is entitled to it with their devices in force.

    :raises NotVisible: if the actor does not read it.
    """
    cases.circle_for(actor, thread)
    group = Group.objects.filter(circle_id=thread).first()
    entitled = cases.readers_of([thread]).get(thread, set())
    devices: dict[UUID, list[UUID]] = {person: [] for person in entitled}
    places = places_of([thread], timezone.now()).get(thread, [])
    # Whoever's designation is over keeps the leaves they have for a week, and gets no other.
    for device in directory.active_devices(entitled, kept={p.device for p in places}):
        devices[device.person_id].append(device.id)
    mark = (
        Cursor.objects.filter(group_id=thread, device_id=actor.device).first()
        if actor.device
        else None
    )
    return {
        "started": group is not None,
        "epoch": group.epoch if group else 0,
        "head": group.head if group else 0,
        "acknowledged": mark.seq if mark else 0,
        "roster": [{"leaf": p.index, "device": p.device, "person": p.person} for p in places],
        "entitled": [
            {"person": person, "devices": devices[person]} for person in sorted(devices, key=str)
        ],
    }


def commit_for(actor: Actor, thread: UUID, client_id: UUID) -> dict[str, Any]:
    """
    Answer "was my commit accepted?".

    :raises NotVisible: if it was not, or the actor does not read the thread.
    """
    group = group_for(actor, thread)
    device = device_of(actor)
    entry = Entry.objects.filter(
        group=group, device=device, client_id=client_id, kind=Entry.Kind.COMMIT
    ).first()
    if entry is None:
        raise NotVisible
    return {"seq": entry.seq, "epoch": entry.epoch + 1, "chain": to_b64u(entry.chain)}


def stock_of(device: Device, now: datetime) -> dict[str, Any]:
    """Return how many key packages a device has left for others to claim."""
    rows = KeyPackage.objects.filter(device=device, claimed_at=None, not_after__gt=now)
    return {
        "available": rows.filter(last_resort=False).count(),
        "last_resort": rows.filter(last_resort=True).exists(),
    }


def welcomes_for(actor: Actor) -> list[dict[str, Any]]:
    """Return the welcomes that wait for the actor's device, in circles they still read."""
    rows = Welcome.objects.filter(
        device=device_of(actor), group__in=cases.circles_of(actor.id)
    ).order_by("seq")
    return [
        {
            "id": w.id,
            "thread": w.group_id,
            "seq": w.seq,
            "chain": to_b64u(w.chain),
            "welcome": to_b64u(w.body),
        }
        for w in rows
    ]


def last_resync(group: Group, device: Device) -> datetime | None:
    """Return when a device last came back to a group by an external commit."""
    rows = Entry.objects.filter(group=group, device=device, resync=True).order_by("-seq")
    return rows.values_list("at", flat=True).first()


def most_stated(group: Group) -> framing.LastStated | None:
    """Return the most that a commit of a group has stated of the directory, if one has."""
    if group.stated_size is not None:
        last = framing.LastStated(group.stated_log, group.stated_size)
        return last if last.log else None
    # The group is older than the columns: its next commit keeps what is read here.
    most = None
    commits = Entry.objects.filter(group=group, kind=Entry.Kind.COMMIT).order_by("seq")
    for body in commits.values_list("body", flat=True):
        data = framing.read_commit(bytes(body)).authenticated_data
        most = framing.most_stated(most, framing.commit_data(data)[1] if data else None)
    return most
