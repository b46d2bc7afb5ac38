"""`/healthz` and `/readyz`, asked of real servers, and each reason for being less than well."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import httpx
import pytest
from django.db import OperationalError

from audit.states import Finding, Level
from casehub.core import objects
from casehub.edge import readiness
from casehub.oversight import watching
from tests.servers.casehub_server import PROJECT
from tests.servers.objectstore import ScriptedStore, kept_in

GIB = 1024 * readiness.MIB
NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Usage(NamedTuple):
    total: float
    used: float
    free: float


class TestAProcess:
    def test_says_to_people_and_its_container_that_it_lives_and_is_ready(self, casehub):
        # The first answer of a process loads every route.
        assert httpx.get(f"{casehub.url}/healthz", timeout=30).json() == {"alive": True}
        answer = httpx.get(f"{casehub.url}/readyz")
        told = answer.json()
        assert (answer.status_code, told["ready"]) == (200, True)
        # What was seeded long ago is placed now, and a disk of tests may be small.
        explained = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
        assert [one for one in told["findings"] if f"`{one['code']}`" not in explained] == []
        assert answer.headers["cache-control"] == "no-store"

        def asked(path: str) -> int:
            command = [sys.executable, "-m", "casehub.edge.alive", path]
            environment = casehub.place.environment(PORT=str(casehub.processes[0].port))
            return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode

        assert [asked("/healthz"), asked("/readyz")] == [0, 0]
        casehub.processes[0].stop()
        assert [asked("/healthz"), asked("/readyz")] == [1, 1]


@pytest.mark.django_db
class TestWhoAsks:
    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    @pytest.mark.parametrize(
        ("proxies", "address", "forwarded", "status"),
        [
            (0, "127.0.0.1", None, 200),
            (0, "172.18.0.4", None, 200),
            (0, "9.9.9.9", None, 404),
            (0, "127.0.0.1", "9.9.9.9", 404),
            (1, "172.18.0.4", None, 200),
            (1, "172.18.0.4", "9.9.9.9", 404),
            (1, "172.18.0.4", "127.0.0.1", 404),
        ],
    )
    def test_is_answered_from_inside_alone(
        self, client, settings, path, proxies, address, forwarded, status
    ):
        settings.CASEHUB_PROXIES = proxies
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
        answer = client.get(path, REMOTE_ADDR=address, headers=headers)
        assert answer.status_code == status
        if status == 404:
            assert answer.json()["code"] == "not-found"


@pytest.mark.django_db
class TestReadiness:
    @pytest.fixture(autouse=True)
    def _well(self, monkeypatch, settings):
        settings.REDIS_URL = ""
        monkeypatch.setattr(watching, "findings", lambda _: [])
        monkeypatch.setattr(readiness.shutil, "disk_usage", lambda _: Usage(100 * GIB, 0, 50 * GIB))

    def look(self):
        found = readiness.findings(NOW)
        return [(one.code, one.level.value) for one in found], readiness.ready(found)

    def test_is_there_when_nothing_is_wrong(self):
        assert self.look() == ([], True)

    def test_is_not_there_without_the_database(self, monkeypatch):
        def away(*_):
            raise OperationalError("secret of the driver")

        monkeypatch.setattr(readiness.MigrationRecorder, "applied_migrations", away)
        assert self.look() == ([("database-away", "red")], False)

    def test_is_not_there_before_the_tables_are(self, monkeypatch):
        more = readiness._known() | {("audit", "9999_later")}
        monkeypatch.setattr(readiness, "_known", lambda: more)
        assert self.look() == ([("migrations-missing", "red")], False)

    def test_is_there_without_doorbells(self, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        assert self.look() == ([("layer-away", "amber")], True)

    @pytest.fixture
    def store(self, settings, monkeypatch):
        """An object store that says nothing against us."""
        monkeypatch.setattr(readiness, "_looked", readiness._Looked())
        with ScriptedStore() as scripted, kept_in(settings, scripted.url):
            scripted.body = b"<ListBucketResult></ListBucketResult>"
            yield scripted

    def test_is_there_without_the_object_store(self, store, monkeypatch):
        assert self.look() == ([], True)
        (asked,) = store.asked
        assert "max-keys=1" in asked
        store.fails(403, "AccessDenied")
        assert self.look() == ([], True)  # for a while it is believed
        monkeypatch.setattr(readiness, "STORE_SECONDS", 0.0)
        assert self.look() == ([("objects-away", "red")], True)

    def test_waits_no_longer_for_the_object_store_than_it_may(self, store):
        store.body, store.drips = b"<" * 1000, 0.1
        begun = time.monotonic()
        assert self.look() == ([("objects-away", "red")], True)
        assert time.monotonic() - begun < 2 * objects.LOOK

    def test_looks_for_no_room_where_no_files_come(self, store, monkeypatch):
        monkeypatch.setattr(readiness.shutil, "disk_usage", lambda _: Usage(100 * GIB, 0, 0))
        assert self.look() == ([("disk-full", "red")], True)

    def test_tells_of_the_log_and_its_witnesses(self, monkeypatch):
        late = Finding("unsigned", Level.RED, since=NOW - timedelta(hours=1))
        monkeypatch.setattr(watching, "findings", lambda _: [late])
        assert self.look() == ([("unsigned", "red")], True)

    @pytest.mark.parametrize(
        ("free", "codes"),
        [
            (2 * GIB, []),
            (1 * GIB - 1, [("disk-low", "amber")] * 2),
            (0.2 * GIB, [("disk-full", "red")] * 2),
        ],
    )
    def test_tells_of_a_disk_that_fills(self, monkeypatch, free, codes):
        monkeypatch.setattr(readiness.shutil, "disk_usage", lambda _: Usage(100 * GIB, 0, free))
        assert self.look() == (codes, True)

    def test_reads_the_real_migrations(self):
        assert ("audit", "0001_initial") in readiness._known()
