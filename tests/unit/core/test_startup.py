"""What speaks against a start, one table."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from casehub import startup
from casehub.demo.keys import KeyRing
from tests.repo.conftest import ROOT

SECRET = "s" * 50
SQLITE, POSTGRESQL = (f"django.db.backends.{one}" for one in ("sqlite3", "postgresql"))
DEMO = {
    "demo": True,
    "debug": False,
    "secret_key": SECRET,
    "origins": ["http://localhost:8000"],
    "processes": 1,
    "redis_url": "",
}
LIVE = DEMO | {"demo": False, "origins": ["https://casehub.example"]}

#  configuration, and the words of each reason against it
REASONS = [
    (DEMO, []),
    (DEMO | {"debug": True}, []),
    (DEMO | {"origins": ["http://127.0.0.1:1", "http://localhost:1"]}, []),
    (DEMO | {"origins": ["https://casehub.example"]}, ["hands out keys"]),
    (DEMO | {"origins": ["http://localhost:1", "http://10.0.0.1:1"]}, ["hands out keys"]),
    (DEMO | {"origins": ["http://localhost.example.org"]}, ["hands out keys"]),
    (DEMO | {"origins": []}, ["at least one"]),
    (DEMO | {"origins": ["ftp://localhost"]}, ["at least one"]),
    (DEMO | {"secret_key": ""}, ["CASEHUB_SECRET_KEY"]),
    (DEMO | {"secret_key": "s" * 39}, ["CASEHUB_SECRET_KEY"]),
    (DEMO | {"secret_key": "django-insecure" + SECRET}, ["CASEHUB_SECRET_KEY"]),
    (DEMO | {"processes": 2}, ["REDIS_URL"]),
    (DEMO | {"processes": 2, "redis_url": "unix:///tmp/x"}, []),
    (LIVE, []),
    (LIVE | {"debug": True}, ["CASEHUB_DEBUG"]),
    (LIVE | {"origins": ["http://casehub.example"]}, ["https origins"]),
    (LIVE | {"origins": ["https://casehub.example", "http://x.example"]}, ["https origins"]),
    (LIVE | {"debug": True, "secret_key": ""}, ["CASEHUB_DEBUG", "CASEHUB_SECRET_KEY"]),
]


class TestReasonsAgainst:
    @pytest.mark.parametrize(("configuration", "expected"), REASONS, ids=range(len(REASONS)))
    def test_table(self, configuration, expected):
        reasons = startup.reasons_against(**configuration)
        assert len(reasons) == len(expected)
        for reason, words in zip(reasons, expected, strict=True):
            assert words in reason

    def test_stop_the_start_with_every_one_of_them(self):
        with pytest.raises(ImproperlyConfigured, match=r"CASEHUB_DEBUG.*CASEHUB_SECRET_KEY"):
            startup.refuse_unsafe(**(LIVE | {"debug": True, "secret_key": ""}))


class TestDemoSecret:
    def test_is_made_once_and_only_its_owner_may_read_it(self, tmp_path):
        first = startup.demo_secret(tmp_path, demo=True)
        assert startup.demo_secret(tmp_path, demo=True) == first
        assert len(first) >= startup.SHORTEST_SECRET
        assert (tmp_path / "demo" / "secret-key").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "demo").stat().st_mode & 0o777 == 0o700

    def test_does_not_exist_outside_the_demo(self, tmp_path):
        assert startup.demo_secret(tmp_path, demo=False) == ""
        assert list(tmp_path.iterdir()) == []


class TestEventsKey:
    def test_of_the_demo_is_made_once_and_only_its_owner_may_read_it(self, tmp_path):
        first = startup.demo_events_key(tmp_path, demo=True)
        assert startup.demo_events_key(tmp_path, demo=True) == first
        assert len(startup.read_events_key(first)) == 32
        assert (tmp_path / "log-keys" / "events").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "log-keys").stat().st_mode & 0o777 == 0o700

    def test_does_not_exist_outside_the_demo(self, tmp_path):
        assert startup.demo_events_key(tmp_path, demo=False) == ""
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "é", "A" * 44])
    def test_that_is_none_stops_the_start(self, text):
        with pytest.raises(ImproperlyConfigured, match="CASEHUB_EVENTS_KEY"):
            startup.read_events_key(text)


class TestAnchor:
    def test_may_lie_beside_the_database_of_the_demo(self, tmp_path):
        assert startup.why_not_sign(tmp_path / "anchor", tmp_path, demo=True) is None

    def test_may_not_lie_beside_the_database_of_a_production(self, tmp_path):
        inside, outside = tmp_path / "data" / "anchor", tmp_path / "anchor"
        assert "outside" in startup.why_not_sign(inside, tmp_path / "data", demo=False)
        assert startup.why_not_sign(outside, tmp_path / "data", demo=False) is None


class TestTheDataFolder:
    @pytest.fixture(autouse=True)
    def _here(self, tmp_path, settings, monkeypatch):
        settings.DATA_DIR, settings.DEMO = tmp_path, False
        for name in ("ATTACHMENTS", "PROMISES", "SIGNING"):
            setattr(settings, name, tmp_path.parent / name.lower())
        monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", SQLITE)

    @pytest.fixture
    def demo(self, tmp_path):
        """Let the demo's people be here; return the file of their keys."""
        file = tmp_path / "demo" / "identity-keys.json"
        KeyRing(file).keep({})
        return file

    def test_of_the_demo_serves_no_production_and_says_so_in_each_language(self, demo, settings):
        told = startup.why_another_s_data(settings)
        assert told.startswith(f"{demo} says")
        languages = told.split(" | ")
        assert len(languages) == 3
        # With the data folder go the defaults of others.
        named = ("CASEHUB_DATA", "CASEHUB_ATTACHMENTS", "CASEHUB_SIGNING", "CASEHUB_PROMISES")
        assert all(name in one for one in languages for name in (*named, "`make reset`"))
        settings.DEMO = True
        assert startup.why_another_s_data(settings) is None

    def test_of_a_region_is_its_own_whatever_make_setup_has_left_there(self, tmp_path, settings):
        startup.demo_secret(tmp_path, demo=True)
        startup.demo_events_key(tmp_path, demo=True)
        (tmp_path / "prepared").write_text("")
        assert startup.why_another_s_data(settings) is None

    @pytest.mark.usefixtures("demo")
    def test_is_nothing_to_a_region_in_postgresql_with_folders_of_its_own(
        self, settings, monkeypatch
    ):
        monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", POSTGRESQL)
        assert startup.why_another_s_data(settings, signs=True) is None

    @pytest.mark.parametrize("name", ["ATTACHMENTS", "PROMISES", "SIGNING"])
    @pytest.mark.usefixtures("demo")
    def test_of_the_demo_is_no_place_for_the_files_of_a_region_in_postgresql(
        self, tmp_path, settings, monkeypatch, name
    ):
        monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", POSTGRESQL)
        setattr(settings, name, tmp_path / "there")
        languages = startup.why_another_s_data(settings, signs=True).split(" | ")
        assert len(languages) == 3
        assert all(f"CASEHUB_{name}" in one and "CASEHUB_DATA" not in one for one in languages)
        # Of the log's keys no other process knows.
        assert (startup.why_another_s_data(settings) is None) is (name == "SIGNING")

    @pytest.mark.usefixtures("demo")
    def test_that_cannot_be_looked_into_is_told(self, settings, monkeypatch):
        def denied(*_, **__):
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(Path, "stat", denied)
        assert "cannot be seen (Permission denied)" in startup.why_another_s_data(settings)

    @pytest.mark.parametrize(
        "command",
        [
            ["serve"],
            ["sequence_audit"],
            ["backup", "--to", "/nowhere", "--recipients", "/nowhere"],
            ["region", "terms"],
        ],
        ids=lambda command: command[0],
    )
    @pytest.mark.parametrize("engine", ["sqlite3", "postgresql"])
    @pytest.mark.usefixtures("demo")
    def test_is_asked_of_by_whatever_works_on_it(
        self, tmp_path, settings, monkeypatch, command, engine
    ):
        settings.ATTACHMENTS = tmp_path / "attachments"
        monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", f"django.db.backends.{engine}")
        why = "on SQLite" if (command[0], engine) == ("sequence_audit", "sqlite3") else "fictional"
        with pytest.raises(CommandError, match=why):
            call_command(*command)


@pytest.fixture
def _everything_goes():
    """Let a process take no right away from what it makes."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_everything_goes")
class TestSQLite:
    def test_makes_files_that_only_their_owner_reads(self, tmp_path):
        startup.private_folder(tmp_path / "data")
        file = tmp_path / "data" / "casehub.sqlite3"
        with closing(sqlite3.connect(file, factory=startup.PrivateFile)) as one:
            one.execute("PRAGMA journal_mode=WAL")
            one.execute("CREATE TABLE told (word text)")
            modes = {one.name: one.stat().st_mode & 0o777 for one in file.parent.iterdir()}
        ends = ("", "-shm", "-wal")
        assert modes == {f"casehub.sqlite3{end}": 0o600 for end in ends}
        assert file.parent.stat().st_mode & 0o777 == 0o700

    def test_is_asked_so_by_the_settings(self, tmp_path):
        asked = "from casehub import settings as s; print(s.DATABASES['default']['OPTIONS'])"
        bare = {"PATH": os.environ["PATH"], "CASEHUB_DEMO": "1", "CASEHUB_DATA": str(tmp_path)}
        told = subprocess.check_output([sys.executable, "-c", asked], cwd=ROOT, env=bare, text=True)
        assert "casehub.startup.PrivateFile" in told

    @pytest.mark.parametrize("name", [":memory:", "file:one?mode=memory"])
    def test_makes_none_of_a_database_in_memory(self, tmp_path, monkeypatch, name):
        monkeypatch.chdir(tmp_path)
        with closing(sqlite3.connect(name, uri=True, factory=startup.PrivateFile)) as one:
            one.execute("CREATE TABLE told (word text)")
        assert list(tmp_path.iterdir()) == []

    def test_says_itself_that_its_folder_is_not_there(self, tmp_path):
        with pytest.raises(sqlite3.OperationalError):
            sqlite3.connect(tmp_path / "nowhere" / "x", factory=startup.PrivateFile)

    def test_leaves_what_is_there_as_it_is(self, tmp_path):
        file = tmp_path / "x"
        file.touch(0o640)
        sqlite3.connect(file, factory=startup.PrivateFile).close()
        assert file.stat().st_mode & 0o777 == 0o640


class TestRoots:
    @pytest.mark.parametrize("content", [None, "", "not JSON"])
    def test_that_cannot_be_read_stop_the_start(self, tmp_path, content):
        path = tmp_path / "roots.json"
        if content is not None:
            path.write_text(content)
        with pytest.raises(ImproperlyConfigured, match="CASEHUB_ROOTS"):
            startup.read_roots(path)


class TestPinnedRoots:
    SHIPPED = {"SV": "demo-sv", "MX": "demo-mx"}

    def test_of_the_demo_serve_the_demo(self):
        startup.refuse_demo_roots(self.SHIPPED, self.SHIPPED, demo=True)

    def test_of_real_states_serve_a_production(self):
        startup.refuse_demo_roots({"SV": "real"}, self.SHIPPED, demo=False)

    #  under whatever name: the private half of a demo's key is public
    @pytest.mark.parametrize("state", ["MX", "GT"])
    def test_of_the_demo_stop_a_production(self, state):
        with pytest.raises(ImproperlyConfigured, match=state):
            startup.refuse_demo_roots({state: "demo-mx", "SV": "x"}, self.SHIPPED, demo=False)
