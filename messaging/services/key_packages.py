"""Key packages: left by a device, claimed once by whoever adds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

import audit.services
from casehub.cases import queries as cases
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused
from casehub.directory import queries as directory
from casehub.directory.models import Device

from .. import framing, notify, policies, queries
from ..errors import MlsRefused
from ..events import KeyPackagesClaimed, KeyPackagesPublished
from ..models import KeyPackage, Leaf, Publication
from .commits import known_device


def _checked(
    body: bytes, device: Device, *, last_resort: bool, act: int, now: datetime
) -> KeyPackage:
    try:
        package = framing.read_key_package(body)
        framing.check_key_package(package, now=int(now.timestamp()))
        owner = known_device(package.leaf, now)
    except framing.FramingError as error:
        raise MlsRefused(error.code) from error
    if owner.id != device.id:
        raise MlsRefused("sender-not-you")
    lifetime = package.leaf.lifetime
    assert lifetime is not None  # noqa: S101 - the framing check refused a package without one
    return KeyPackage(
        device=device,
        ref=framing.key_package_ref(package),
        body=body,
        last_resort=last_resort,
        not_after=datetime.fromtimestamp(lifetime[1], UTC),
        act=act,
    )


@transaction.atomic
def publish_key_packages(
    *, packages: Sequence[bytes], last_resort: bytes | None, actor: Actor, now: datetime
) -> int:
    """
    Leave key packages (MLSMessages) of the actor's device; return how many wait to be claimed.

    A new last-resort package takes the place of the old one. Packages already known are passed
    over, which makes a retry safe.

    :raises MlsRefused: if one is forged, expired, lives too long or is another device's; then
        none is kept.
    :raises Refused: `too-many-key-packages`, `device-needed`.
    """
    device = queries.device_of(actor)
    stock = queries.stock_of(device, now)
    event = KeyPackagesPublished(
        states=(actor.state,),
        device=str(device.id),
        count=len(packages),
        last_resort=last_resort is not None,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    Publication.objects.create(device=device, at=now, count=len(packages), audit_event_id=act)
    known = set(map(bytes, KeyPackage.objects.filter(device=device).values_list("ref", flat=True)))
    rows = [_checked(p, device, last_resort=False, act=act, now=now) for p in packages]
    if last_resort is not None:
        rows.append(_checked(last_resort, device, last_resort=True, act=act, now=now))
    fresh = {row.ref: row for row in rows if row.ref not in known}
    if stock["available"] + len(fresh) > policies.MOST_PACKAGES:
        raise Refused("too-many-key-packages")
    if any(row.last_resort for row in fresh.values()):
        KeyPackage.objects.filter(device=device, last_resort=True, claimed_at=None).update(
            claimed_at=now, act=act
        )
    KeyPackage.objects.bulk_create(fresh.values())
    if not stock["available"] and not stock["last_resort"]:
        # Whoever let this person in may have waited for a device that can be added.
        circles = cases.circles_of(actor.id)
        notify.device_ready({p for people in cases.readers_of(circles).values() for p in people})
    available: int = queries.stock_of(device, now)["available"]
    return available


def _claim(device: UUID, *, act: int, now: datetime) -> bytes | None:
    waiting = KeyPackage.objects.filter(device_id=device, claimed_at=None, not_after__gt=now)
    rows = waiting.filter(last_resort=False).order_by("id")
    if connection.vendor != "sqlite":
        # Two claims at once take two packages instead of waiting for each other's row.
        rows = rows.select_for_update(skip_locked=True)
    found = rows.first()
    if found is None:
        # Not locked: any number may take it at once.
        last_resort = waiting.filter(last_resort=True).first()
        return bytes(last_resort.body) if last_resort else None
    found.claimed_at = now
    found.act = act
    found.save(update_fields=["claimed_at", "act"])
    return bytes(found.body)


@transaction.atomic
def claim_key_packages(
    *, thread: UUID, devices: Sequence[UUID], actor: Actor, now: datetime
) -> dict[UUID, bytes | None]:
    """
    Take one key package of each of `devices`, in order to add them to a thread.

    Devices without any left map to None.

    :raises NotVisible: if the actor does not read the thread, or one of the devices is not in force
        or not of a person entitled to it.
    :raises Refused: `device-already-in-group` for a device already in the roster, one's own
        included.
    """
    cases.circle_for(actor, thread)
    own = queries.device_of(actor)
    entitled = cases.readers_of([thread]).get(thread, set())
    allowed = {d.id for d in directory.active_devices(entitled)}
    wanted = list(dict.fromkeys(devices))
    if not set(wanted) <= allowed:
        raise NotVisible
    present = set(Leaf.objects.filter(group=thread).values_list("device_id", flat=True))
    if own.id in wanted or present & set(wanted):
        raise Refused("device-already-in-group")
    event = KeyPackagesClaimed(
        states=cases.states_of([thread])[thread],
        thread=str(thread),
        devices=tuple(map(str, wanted)),
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    Publication.objects.create(device=own, at=now, count=0, audit_event_id=act)
    return {device: _claim(device, act=act, now=now) for device in wanted}
