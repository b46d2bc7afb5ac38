"""What a batch stores by hand is all that an entry has."""

from __future__ import annotations

from messaging import storing
from messaging.models import Entry


def test_every_column_of_an_entry_is_stored():
    columns = {one.column for one in Entry._meta.concrete_fields if not one.primary_key}
    assert set(storing.COLUMNS) == columns
