"""Migrations in place of many others: a database made by them is the one made by all those."""

from __future__ import annotations

import os

import pytest

TOLD = "from tests import tables; print(*tables.told(), sep='\\n')"
HALF_WAY = ("requests_mla", "0010_letter_marks")
LONG = f"from tests import tables; tables.migrate_the_long_way(until={HALF_WAY})"
#  The guards of rows are PostgreSQL's alone; of SQLite there is little else than columns.
WHERE = ["embedded", "full"] if os.environ.get("EVERY_CONFIGURATION") else ["full"]


def python(place, line):
    return place.manage("shell", "--no-imports", "-c", line, **place.owner)


@pytest.mark.timeout(400, func_only=True)  # seven commands, of which one takes the long way
@pytest.mark.parametrize("configuration", WHERE, indirect=True)
def test_both_ways_lead_to_the_same_tables_also_from_half_way(empty):
    short, long = empty("short"), empty("long")
    python(long, LONG)
    for place in (short, long):
        place.manage("migrate", "--verbosity", "0", **place.owner)
    tables = python(short, TOLD)
    assert "requests_mla_enclosure" in tables
    assert tables.splitlines() == python(long, TOLD).splitlines()
