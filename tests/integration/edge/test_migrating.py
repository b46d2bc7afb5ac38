"""A database from before the log was a tree: its events get places, and say what they said."""

from __future__ import annotations

import pytest

from tests.faults.sequencer import Life, Lives
from tests.servers.casehub_server import Place
from tests.servers.configurations import Full

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


@pytest.fixture
def empty(configuration, tmp_path):
    """A place with no table yet."""
    data = tmp_path / "data"
    data.mkdir()
    if isinstance(configuration, Full):
        return configuration._place(data, configuration.postgres.create())
    return Place(configuration.name, data)


# What may be the first to start servers: that is not counted, as it is not for those that lie.
@pytest.mark.timeout(120, func_only=True)
class TestAnOldDatabase:
    def test_keeps_its_events_and_has_them_signed(self, empty):
        empty.manage("migrate", "audit", "0002", "--verbosity", "0", **empty.owner)
        for _ in range(2):
            empty.manage("shell", "--no-imports", "-c", OLD, **empty.owner)
        empty.manage("migrate", "--verbosity", "0", **empty.owner)
        with Lives(empty) as lives:
            assert lives.live(Life(acts=0)) == 0, lives.errors()
        told = empty.manage("audit", "verify", **empty.owner)
        assert "2 events are what they were" in told
        assert "The log is whole." in told
        assert "'actor': 'ana'" in empty.manage(
            "shell", "--no-imports", "-c", OPENED, **empty.owner
        )
