"""What speaks against a start, one table."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from casehub import startup

SECRET = "s" * 50
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

    def test_does_not_exist_outside_the_demo(self, tmp_path):
        assert startup.demo_secret(tmp_path, demo=False) == ""
        assert list(tmp_path.iterdir()) == []


class TestEventsKey:
    def test_of_the_demo_is_made_once_and_only_its_owner_may_read_it(self, tmp_path):
        first = startup.demo_events_key(tmp_path, demo=True)
        assert startup.demo_events_key(tmp_path, demo=True) == first
        assert len(startup.read_events_key(first)) == 32
        assert (tmp_path / "log-keys" / "events").stat().st_mode & 0o777 == 0o600

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
    def test_of_the_demo_serves_no_production(self, tmp_path):
        assert startup.why_another_s_data(tmp_path, demo=False) is None
        startup.demo_secret(tmp_path, demo=True)
        assert startup.why_another_s_data(tmp_path, demo=True) is None
        assert "CASEHUB_DATA" in startup.why_another_s_data(tmp_path, demo=False)


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
