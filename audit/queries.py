"""Reading the log: for tests and operators; the auditors' console is another app."""

from __future__ import annotations

import json
from typing import Any

from .models import AuditEvent


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
    """Return the decoded canonical bodies of all events of one kind, oldest first."""
    rows = AuditEvent.objects.filter(kind=kind).order_by("id").values_list("payload", flat=True)
    return [json.loads(bytes(row)) for row in rows]
