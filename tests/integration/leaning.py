"""Whether the rows that acts leave name the events that such rows may lean on."""

from __future__ import annotations

from django.apps import apps

from audit.models import AuditEvent
from casehub.core.models import HeadRow

HEAD_ROWS = [model for model in apps.get_models() if issubclass(model, HeadRow)]


def misleading_rows(last: int) -> list[str]:
    """Return the tables with rows that lean on an event after `last` of a kind not theirs."""
    fresh = AuditEvent.objects.filter(id__gt=last)
    return [
        f"{model.__name__} on {kind}"
        for model in HEAD_ROWS
        for kind in fresh.filter(
            id__in=model.objects.filter(audit_event_id__gt=last).values("audit_event_id")
        ).values_list("kind", flat=True)
        if kind not in model.leans_on
    ]
