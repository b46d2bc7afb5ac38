"""A browser that is no device yet, and the answer of one that is."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor
from casehub.core.errors import require
from casehub.core.frames import to_b64u
from casehub.directory import notify, policies, queries
from casehub.directory.events import DeviceAsked, DeviceRefused
from casehub.directory.limits import ASK_LASTS
from casehub.directory.models import Device, DeviceRequest, Person

from .devices import (
    _hold_namer,
    _is_known,
    _keep_device,
    _parse_naming,
    _registered,
    _require_counting,
)


@transaction.atomic
def ask_for_device(
    *, device: str, signature_key: bytes, history_key: bytes, actor: Actor, now: datetime
) -> UUID:
    """
    Ask the caller's other devices to name this browser; return the request's id.

    It gives nothing by itself: whoever answers compares the words of the key on both screens and
    signs. The same browser may ask anew, e.g. after a reload; another waits until this is over.

    :raises Refused: `device-known`, `device-request-open`.
    """
    person = Person.objects.select_for_update().get(id=actor.id)  # of two at once, one asks
    open_ones = DeviceRequest.objects.filter(person=person, answer="", expires_at__gt=now)
    mine = open_ones.filter(session=actor.session)
    known = Device.objects.filter(id=device).exists()
    known = known or DeviceRequest.objects.filter(device=device).exclude(id__in=mine).exists()
    others = open_ones.exclude(session=actor.session)
    require(policies.why_not_ask(known=known, another_asks=others.exists()))
    event = DeviceAsked(states=(actor.state,), device=device, person=actor.id)
    event_id = audit.services.record(event, actor=actor.id, at=now)
    keys = {"signature_key": signature_key, "history_key": history_key}
    times = {"asked_at": now, "expires_at": now + ASK_LASTS, "audit_event_id": event_id}
    again = mine.filter(device=device).first()
    mine.exclude(device=device).update(answer=DeviceRequest.Answer.REPLACED, answered_at=now)
    if again is not None:
        for name, value in (keys | times).items():
            setattr(again, name, value)
        again.save(update_fields=[*keys, *times])
        made = again.id
    else:
        made = DeviceRequest.objects.create(
            id=uuid4(), person=person, session=actor.session, device=device, **keys, **times
        ).id
    notify.devices_changed(actor.id)
    return made


@transaction.atomic
def name_device(*, asked: str, statement: dict[str, Any], actor: Actor, now: datetime) -> str:
    """
    Make the browser that asked a device, by the statement that the actor's identity key signed.

    :raises NotVisible: if no such browser of theirs asked.
    :raises ChainBroken: if the statement does not lead back to the person's ministry.
    :raises Refused: `step-up-needed`; `device-request-over`; `device-not-as-asked` if it names
        other keys than the ones that asked; `device-of-another`, `device-known`.
    """
    _hold_namer(actor)
    row = queries.device_request(actor, asked)
    require(policies.why_not_answer(is_open=row.is_open(now)))
    require_fresh(actor, now)
    parsed = _parse_naming(statement, actor=actor)
    asked_for = {
        "device": str(row.device),
        "signature_key": to_b64u(row.signature_key),
        "history_key": to_b64u(row.history_key),
    }
    same_keys = all(parsed.fields[name] == value for name, value in asked_for.items())
    require(policies.why_not_name(same_keys=same_keys, known=_is_known(parsed)))
    _require_counting(parsed, now=now)
    act = audit.services.record(_registered(parsed, actor), actor=actor.id, at=now)
    device = _keep_device(parsed, person=actor.id, act=act, now=now)
    row.answer, row.answered_at = DeviceRequest.Answer.NAMED, now
    row.save(update_fields=["answer", "answered_at"])
    return device


@transaction.atomic
def refuse_device(*, asked: str, actor: Actor, now: datetime) -> None:
    """
    Turn away the browser that asked.

    :raises NotVisible: if no such browser of theirs asked.
    :raises Refused: `device-request-over`.
    """
    row = queries.device_request(actor, asked)
    require(policies.why_not_answer(is_open=row.is_open(now)))
    event = DeviceRefused(states=(actor.state,), device=str(row.device), person=actor.id)
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.answer, row.answered_at = DeviceRequest.Answer.REFUSED, now
    row.save(update_fields=["answer", "answered_at", "audit_event_id"])
    notify.devices_changed(actor.id)
