"""A log from when auditors searched texts: all is found again, and what was erased stays so."""

from __future__ import annotations

import pytest

from tests.servers.casehub_server import Place
from tests.servers.configurations import Full

BEFORE = """
from django.core.management import call_command
call_command("migrate", "audit", "0010", verbosity=0)
"""
THEN = """
call_command("migrate", "audit", verbosity=0)
"""
# Two acts that are listed for two States, the second of them erased; and one that still waits.
OLD = """
from django.db import connection
acts = [(1, 'cases.case.read', 'ana', 'case-1', 'MX,SV'), (2, '', '', '', ''),
        (3, 'cases.case.read', 'ana', 'case-1', 'MX,SV')]
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO audit_log (id, name, origin, opened_at, closed, size, root, vkey)"
        " VALUES (1, 'acts', 'audit.old/2026', '2026-01-01 00:00:00+00:00', FALSE, 2, %s, '')",
        [b'r' * 32])
    for number, kind, actor, subject, states in acts:
        erased = None if number == 2 else b's'
        cursor.execute("INSERT INTO audit_auditevent (id, kind, actor, subject, at, states, salt,"
            " payload, leaf, directory) VALUES (%s, %s, %s, %s, '2026-11-24 12:00:00.000001',"
            " %s, %s, %s, %s, FALSE)",
            [number, kind, actor, subject, states, erased, erased, b'leaf'])
        if number == 3:
            continue
        cursor.execute("INSERT INTO audit_logentry (id, log_id, position, event_id, leaf)"
            " VALUES (%s, 1, %s, %s, %s)", [number, number - 1, number, b'leaf'])
        for state in ('MX', 'SV'):
            cursor.execute("INSERT INTO audit_concern (state, at, entry_id, kind, actor, subject)"
                " VALUES (%s, '2026-11-24 12:00:00.000001', %s, %s, %s, %s)",
                [state, number, kind, actor, subject])
"""
NOW = """
from django.db import DatabaseError, connection
from audit.models import AuditEvent, Concern, LogEntry
from audit.queries import listing
from audit.queries.concerns import Search, counted, page
for state in ("MX", "SV", "GT", ""):
    print(state, [(row.entry, row.kind, row.actor, row.subject, row.at.microsecond, row.erased)
                  for row in page(Search(state=state), after=None, most=9)])
print("of ana", counted(Search(state="SV", actors=("ana",))))
print("about", counted(Search(state="SV", subjects=("case-1",), kinds=("cases.case.read",))))
print("unlisted", listing.hidden(connection), "pretended", listing.pretended(connection))
tables = (AuditEvent, LogEntry)
print("leaves", {bytes(row.leaf) for table in tables for row in table.objects.all()})
for change in (Concern.objects.filter(entry=1).update, Concern.objects.filter(entry=2).update):
    try:
        change(kind=7)
    except DatabaseError as error:
        print("refused" if "loses only what an erasure takes" in str(error) else error)
try:
    Concern.objects.all()._raw_delete("default")
except DatabaseError as error:
    print("kept" if "refused" in str(error) else error)
print(Concern.objects.count())
"""


@pytest.fixture
def empty(configuration, tmp_path):
    """A place with no table yet."""
    data = tmp_path / "data"
    data.mkdir()
    if isinstance(configuration, Full):
        return configuration._place(data, configuration.postgres.create())
    return Place(configuration.name, data)


class TestAnOldSearch:
    def test_finds_what_it_found_before(self, empty):
        one = "(1, 'cases.case.read', 'ana', 'case-1', 1, False)"
        told = empty.manage("shell", "--no-imports", "-c", BEFORE + OLD + THEN + NOW, **empty.owner)
        assert told.splitlines() == [
            f"MX [(2, '', '', '', 1, True), {one}]",
            f"SV [(2, '', '', '', 1, True), {one}]",
            "GT []",
            " []",
            "of ana 1",
            "about 1",
            "unlisted [] pretended []",
            "leaves {b'leaf'}",
            "refused",
            "refused",
            "kept",
            "4",
        ]
