"""The variables of the environment: what each may be, and what is told of one that is not."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from casehub import buckets, settings, variables
from casehub.buckets import Bucket
from tests.repo.conftest import ROOT
from tools.region import compose

NAMES = [one.name for one in variables.VARIABLES]
SECRET = "s3cret-of-somebody"
NO_BUCKETS = [
    "casehub-files",
    "https://objects.example",
    "https://objects.example/",
    "https://objects.example/Files",
    "https://objects.example/casehub-files//one",
    "https://objects.example/casehub-files/../other",
    "https://objects.example/casehub-files/.hidden",
    "https://objects.example/casehub-files?region=",
    "https://objects.example/casehub-files?regio=eu",
    "https://objects.example/casehub-files?region",
    "https://objects.example/casehub-files#one",
    "https://objects.example:0/casehub-files",
    "https://objects.example:port/casehub-files",
    f"https://key:{SECRET}@objects.example/casehub-files",
    "http://objects.example/casehub-files",  # without TLS over a network
    "http://127.0.0.1.example/casehub-files",
    "s3://casehub-files/one",
]


@pytest.fixture
def say(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    return monkeypatch.setenv


class TestAVariable:
    READ = [
        ("CASEHUB_DEMO", "1", True),
        ("CASEHUB_DEMO", "off", False),
        ("CASEHUB_DEMO", "", False),
        ("CASEHUB_ERASING", "", True),
        ("CASEHUB_PROCESSES", "2", 2),
        ("CASEHUB_PROXIES", "0", 0),
        ("PORT", "0", 0),
        ("PORT", "", 8000),
        ("CASEHUB_ORIGINS", "https://a.example, https://b.example:8443", None),
        ("CASEHUB_METRICS", "0.0.0.0:9100", "0.0.0.0:9100"),
        ("CASEHUB_METRICS", "[::1]:9100", "[::1]:9100"),
        ("CASEHUB_TRACES", "http://there:4318/v1/traces", "http://there:4318/v1/traces"),
        ("CASEHUB_TRACES_SHARE", "", 100),
        ("CASEHUB_MAIL_TLS", "tls", "tls"),
        ("CASEHUB_MAIL_TLS", "", "starttls"),
        ("REDIS_URL", "unix:///run/redis", "unix:///run/redis"),
        ("DATABASE_URL", "postgres:////tmp/x/casehub", "postgres:////tmp/x/casehub"),
        ("CASEHUB_MAIL_PORT", "", None),
    ]

    @pytest.mark.parametrize(("name", "text", "read"), READ)
    def test_is_read_as_what_it_is(self, say, name, text, read):
        say(name, text)
        expected = ["https://a.example", "https://b.example:8443"] if "ORIGINS" in name else read
        assert variables.value(name) == expected

    BUCKETS = [
        (
            "https://objects.example/casehub-files",
            Bucket("https://objects.example", "casehub-files", "", "us-east-1"),
        ),
        (
            "https://objects.example:8443/casehub-files/region/one/?region=sa-east-1",
            Bucket("https://objects.example:8443", "casehub-files", "region/one", "sa-east-1"),
        ),
        (
            "http://127.0.0.1:9000/casehub-files/one",
            Bucket("http://127.0.0.1:9000", "casehub-files", "one", "us-east-1"),
        ),
        (
            "http://[::1]:9000/casehub-files",
            Bucket("http://[::1]:9000", "casehub-files", "", "us-east-1"),
        ),
    ]

    @pytest.mark.parametrize(("url", "bucket"), BUCKETS)
    def test_of_an_object_store_names_a_bucket(self, say, url, bucket):
        say("CASEHUB_OBJECTS", url)
        assert variables.value("CASEHUB_OBJECTS") == bucket
        assert str(bucket) == url.partition("?")[0].rstrip("/")

    @pytest.mark.parametrize(
        ("key", "secret", "lacking"),
        [
            ("", "", "CASEHUB_OBJECTS_KEY and CASEHUB_OBJECTS_SECRET"),
            ("key", "", "CASEHUB_OBJECTS_SECRET"),
            ("", SECRET, "CASEHUB_OBJECTS_KEY"),
        ],
    )
    def test_of_an_object_store_names_the_keys_that_it_needs(self, key, secret, lacking):
        bucket = buckets.read(self.BUCKETS[0][0])
        with pytest.raises(ImproperlyConfigured) as told:
            buckets.storage(bucket, key=key, secret=secret)
        words = f"CaseHub does not start: CASEHUB_OBJECTS needs {lacking}."
        assert str(told.value) == words

    def test_of_an_object_store_names_the_lock_of_what_it_needs(self, monkeypatch):
        monkeypatch.setattr(buckets, "find_spec", lambda _: None)
        bucket = buckets.read(self.BUCKETS[0][0])
        with pytest.raises(ImproperlyConfigured, match=r"not installed: requirements/objects\.txt"):
            buckets.storage(bucket, key="key", secret=SECRET)
        assert (ROOT / "requirements" / "objects.txt").exists()

    WRONG = [
        ("CASEHUB_DEMO", "ture"),
        ("CASEHUB_ERASING", "-1"),
        ("CASEHUB_PROCESSES", "0"),
        ("CASEHUB_PROCESSES", "two"),
        ("CASEHUB_PROXIES", "-1"),
        ("CASEHUB_LOG_QUEUE", "0"),
        ("CASEHUB_ORIGINS", "casehub.example"),
        ("CASEHUB_ORIGINS", "https://a.example/path"),
        ("CASEHUB_METRICS", "9100"),
        ("CASEHUB_TRACES", "there:4318"),
        ("CASEHUB_TRACES", "https://user:key@there:4318/v1/traces"),
        ("CASEHUB_TRACES_SHARE", "0"),
        ("CASEHUB_TRACES_SHARE", "101"),
        ("CASEHUB_LOGS", "xml"),
        ("CASEHUB_MAIL_TLS", "none"),
        ("CASEHUB_MAIL_TLS", "ssl"),
        ("CASEHUB_MAIL_TLS", "STARTTLS"),
        ("CASEHUB_MAIL_PORT", "70000"),
        ("PORT", "65536"),
        *[("CASEHUB_OBJECTS", url) for url in NO_BUCKETS],
        ("CASEHUB_SECRET_KEY_FALLBACKS", f"{'x' * 40}\n{SECRET}"),
        ("REDIS_URL", f"http://casehub:{SECRET}@redis"),
        ("DATABASE_URL", f"mysql://casehub:{SECRET}@there/casehub"),
    ]

    @pytest.mark.parametrize(("name", "text"), WRONG)
    def test_that_cannot_be_is_told_by_its_name_and_not_by_what_it_says(self, say, name, text):
        say(name, text)
        with pytest.raises(ImproperlyConfigured) as told:
            variables.value(name)
        assert f"CaseHub does not start: {name} must be " in str(told.value)
        assert SECRET not in str(told.value)

    def test_may_stand_in_a_file(self, say, tmp_path):
        file = tmp_path / "value"
        file.write_text("redis://redis:6379/0\n")
        say("REDIS_URL_FILE", str(file))
        assert variables.value("REDIS_URL") == "redis://redis:6379/0"
        file.unlink()
        with pytest.raises(ImproperlyConfigured, match="REDIS_URL_FILE must name a file"):
            variables.value("REDIS_URL")

    def test_that_seals_is_taken_whole(self, say, tmp_path):
        file = tmp_path / "value"
        file.write_text("x" * 40 + "\n")
        say("CASEHUB_SECRET_KEY_FILE", str(file))
        assert variables.value("CASEHUB_SECRET_KEY") == "x" * 40 + "\n"

    def test_of_keys_of_before_has_each_as_it_was_also_in_a_file_that_ended_with_a_line(
        self, say, tmp_path
    ):
        one, two = "x" * 40, "y, z" * 10
        file = tmp_path / "value"
        file.write_text(f"{one}\n\n{two}\n")
        say("CASEHUB_SECRET_KEY_FALLBACKS_FILE", str(file))
        keys = variables.value("CASEHUB_SECRET_KEY_FALLBACKS")
        assert keys == [one, f"{one}\n", two, f"{two}\n"]
        file.write_text(f"{one}\\nmore\\n\n")
        keys = variables.value("CASEHUB_SECRET_KEY_FALLBACKS")
        assert f"{one}\nmore\n" in keys  # of several lines, as its file held it
        assert f"{one}\\nmore\\n" in keys  # or it is one in which no newline was meant
        file.write_text("\n")
        assert not variables.value("CASEHUB_SECRET_KEY_FALLBACKS")


class TestTheTable:
    def test_has_each_once(self):
        assert len(set(NAMES)) == len(NAMES)

    def test_has_what_the_settings_read_and_no_other(self):
        source = (ROOT / "casehub" / "settings.py").read_text(encoding="utf-8")
        read = set(re.findall(r'(?:value|text)\(\s*"([A-Z_]+)"', source))
        assert read == {one.name for one in variables.VARIABLES if not one.elsewhere}
        assert settings.BASE_DIR == ROOT

    def test_has_what_compose_sets(self):
        services = compose.document()["services"].values()
        ours = [one.get("environment", {}) for one in services if one["image"] == "casehub"]
        named = {name.removesuffix("_FILE") for told in ours for name in told}
        assert named <= set(NAMES)

    def test_knows_what_looks_like_one_and_is_none(self):
        names = ["CASEHUB_PROXY", "CASEHUB_PROXIES", "REDIS", "CASEHUB_SECRET_KEY_FILE"]
        assert variables.unknown(names) == ["CASEHUB_PROXY"]
