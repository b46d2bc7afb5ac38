"""Devices in force: one's own, and others'."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from casehub.accounts import queries as accounts
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.core.frames import to_b64u
from casehub.directory.limits import ANSWER_SHOWN
from casehub.directory.models import Device, DeviceRequest, SignedStatement, Stop

from .replaying import fields_of


def devices_of(actor: Actor) -> list[dict[str, Any]]:
    """Return the actor's own devices, oldest first; when one was last used, to the day."""
    return listed(actor.id, actor.account)


def listed(person: UUID | str, account: str) -> list[dict[str, Any]]:
    """
    Return a person's devices, for them or for whoever may stop them.

    `retired`: stopped itself, and not with its person's access or former key.
    """
    stops = Stop.objects.filter(device=OuterRef("pk"), ended_at=None)
    rows = Device.objects.filter(person_id=person).annotate(retired=Exists(stops))
    seen = accounts.devices_seen(account) if account else {}
    return [
        {
            "id": d.id,
            "added_at": d.added_at,
            "until": d.until,
            "last_seen": seen.get(d.id),
            "revoked": d.revoked_at is not None,
            "retired": d.retired,
        }
        for d in rows.order_by("added_at")
    ]


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


def active_devices(people: Collection[UUID | str], *, kept: Collection[UUID] = ()) -> list[Device]:
    """
    Return all devices in force of these persons in force.

    Of whoever only reads any more, for a week after their designation, those that are `kept`.
    """
    now = timezone.now()
    found = Device.objects.filter(person_id__in=people, revoked_at=None, until__gt=now)
    rows = found.select_related("person__account", "person__state").order_by("added_at", "id")
    return [
        device
        for device in rows
        if device.person.in_force(now) or (device.id in kept and device.person.in_week(now))
    ]


def history_keys_of(people: Collection[UUID | str]) -> dict[UUID, set[str]]:
    """Return the history keys (base64url) of all devices in force, by person."""
    devices = {device.statement_id: device.person_id for device in active_devices(people)}
    found: dict[UUID, set[str]] = {}
    for row in SignedStatement.objects.filter(pk__in=devices):
        found.setdefault(devices[row.pk], set()).add(fields_of(row)["history_key"])
    return found


def device_request(actor: Actor, request_id: str) -> DeviceRequest:
    """
    Return what one of the actor's browsers asked.

    :raises NotVisible: if there is none of theirs with this id.
    """
    found = DeviceRequest.objects.filter(id=request_id, person_id=actor.id).first()
    if found is None:
        raise NotVisible
    return found


def device_requests(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """
    Return what the actor's browsers ask now, and what was answered a moment ago; newest first.

    `mine` is what the caller's own session asked: only others' are theirs to answer.
    """
    rows = DeviceRequest.objects.filter(
        Q(answer="", expires_at__gt=now) | Q(answered_at__gt=now - ANSWER_SHOWN),
        person_id=actor.id,
    )
    return [
        {
            "id": row.id,
            "device": row.device,
            "signature_key": to_b64u(row.signature_key),
            "history_key": to_b64u(row.history_key),
            "asked_at": row.asked_at,
            "expires_at": row.expires_at,
            "answer": row.answer,
            "mine": str(row.session) == actor.session,
        }
        for row in rows.order_by("-asked_at", "id")
    ]
