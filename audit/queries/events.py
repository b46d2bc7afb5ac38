"""Reading what events said: nobody else keeps a copy, so that an erasure leaves none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .. import commitments, keyring
from ..models import AuditEvent


def kinds_since(event_id: int) -> list[str]:
    """Return the kinds recorded after `event_id`, in order of id."""
    return list(
        AuditEvent.objects.filter(id__gt=event_id).order_by("id").values_list("kind", flat=True)
    )


def last_id() -> int:
    """Return the newest event's id, or 0."""
    newest = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def payloads_of(kind: str) -> list[dict[str, Any]]:
    """Return the opened canonical bodies of all events of one kind, oldest first."""
    ids = AuditEvent.objects.filter(kind=kind).order_by("id").values_list("id", flat=True)
    return [json.loads(payload) for id_ in ids if (payload := payload_of(id_)) is not None]


def payload_of(event: int) -> bytes | None:
    """Return the canonical bytes of an event, or None once they are erased."""
    row = AuditEvent.objects.get(id=event)
    if row.payload is None or row.salt is None:
        return None
    return commitments.unseal(
        bytes(row.payload), salt=bytes(row.salt), secret=keyring.events_secret()
    )


def fields_of(events: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the fields of events by id; those that were erased are missing."""
    secret = keyring.events_secret()
    rows = AuditEvent.objects.filter(id__in=list(events), salt__isnull=False)
    found = {}
    for id_, salt, sealed in rows.values_list("id", "salt", "payload"):
        payload = commitments.unseal(bytes(sealed or b""), salt=bytes(salt or b""), secret=secret)
        found[id_] = json.loads(payload)["payload"]
    return found
