"""A database from before the log was a tree: its events get places, and say what they said."""

from __future__ import annotations

import pytest

from tests.faults.sequencer import Life, Lives

OLD = """
from django.db import connection
body = (b'{"actor":"ana","at":"2026-11-24T12:00:00.000000Z","kind":"core.act.refused",'
        b'"payload":{"act":"a","code":"c","target":"t"},"states":["MX","SV"],"v":1}')
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO audit_auditevent (kind, actor, subject, at, states, payload)"
        " VALUES ('core.act.refused', 'ana', 't', '2026-11-24 12:00:00+00:00', 'MX,SV', %s)",
        [body])
"""
OPENED = """
from audit import queries
print(queries.payloads_of("core.act.refused")[0])
"""


# What may be the first to start servers: that is not counted, as it is not for those that lie.
@pytest.mark.timeout(120, func_only=True)
class TestAnOldDatabase:
    def test_keeps_its_events_and_has_them_signed(self, empty):
        place = empty("old")
        place.manage("migrate", "audit", "0002", "--verbosity", "0", **place.owner)
        for _ in range(2):
            place.manage("shell", "--no-imports", "-c", OLD, **place.owner)
        place.manage("migrate", "--verbosity", "0", **place.owner)
        with Lives(place) as lives:
            assert lives.live(Life(acts=0)) == 0, lives.errors()
        told = place.manage("audit", "verify", **place.owner)
        assert "2 events are what they were" in told
        assert "The log is whole." in told
        assert "'actor': 'ana'" in place.manage(
            "shell", "--no-imports", "-c", OPENED, **place.owner
        )
