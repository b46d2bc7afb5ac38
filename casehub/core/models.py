"""What every act's table has: the reference to its event in the log."""

from django.db import models


class HeadRow(models.Model):
    """
    The row that an act leaves. Its event's id is NOT NULL and UNIQUE in the database.

    So an act without an event, or two acts sharing one, cannot be committed; a later act on the
    same row (a removal, say) brings its own new event id. It is a number, not a foreign key: the
    log knows nobody, and nobody's deletion may reach into it.
    """

    audit_event_id = models.BigIntegerField(unique=True, editable=False)

    class Meta:
        abstract = True
