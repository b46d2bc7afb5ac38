"""What every act's table has: the reference to its event in the log."""

from typing import ClassVar

from django.db import models


class HeadRow(models.Model):
    """
    The row that an act leaves. Its event's id is NOT NULL and UNIQUE in the database.

    So an act without an event, or two acts sharing one, cannot be committed; a later act on the
    same row (a removal, say) brings its own new event id. It is a number, not a foreign key: the
    log knows nobody, and nobody's deletion may reach into it.
    """

    # The kinds of the acts that leave or change such a row: `audit verify` reports a row whose
    # event is of another kind, so that no true event can be made to cover an act that never was.
    leans_on: ClassVar[tuple[str, ...]] = ()

    audit_event_id = models.BigIntegerField(unique=True, editable=False)

    class Meta:
        abstract = True
