"""Whether the rows that acts leave name the events that such rows may lean on."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from audit.models import AuditEvent
from casehub.core.models import HeadRow

HEAD_ROWS = {model._meta.label: model for model in apps.get_models() if issubclass(model, HeadRow)}


def misleading_rows(last: int) -> list[str]:
    """
    Return the tables with rows that lean on an event after `last` of a kind not theirs.

    All tables are asked in one statement: this is looked at after every act that left an event.
    """
    quoted = connection.ops.quote_name
    asked = " UNION ALL ".join(
        f"SELECT '{name}', audit_event_id FROM {quoted(model._meta.db_table)}"
        f" WHERE audit_event_id > {last:d}"
        for name, model in HEAD_ROWS.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        leaning = cursor.fetchall()
    kinds = dict(AuditEvent.objects.filter(id__gt=last).values_list("id", "kind"))
    return [
        f"{name} on {kinds[event]}"
        for name, event in leaning
        if event in kinds and kinds[event] not in HEAD_ROWS[name].leans_on
    ]
