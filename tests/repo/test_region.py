"""`make region` runs what compose.yaml says: the same commands, the same variables."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from casehub.edge import limits
from tests.repo.conftest import ROOT
from tools.region import compose, secrets
from tools.region.region import Region

TOLD = compose.document()["services"]


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    return Region(tmp_path_factory.mktemp("region"))


class TestTheRegion:
    def test_has_every_service(self, region):
        assert set(region.services) == set(TOLD)

    @pytest.mark.parametrize("name", TOLD)
    def test_gives_each_every_variable_and_no_other(self, region, name):
        one = region.services[name]
        ours = TOLD[name]["image"] == "casehub"
        expected = set(TOLD[name].get("environment", {}))
        if ours:
            expected |= set(compose.image_environment())
        assert set(one.environment) == expected
        if ours:
            assert set(region.environment(one)) == expected | {"CASEHUB_DEMO", "PATH", "LC_ALL"}

    @pytest.mark.parametrize("name", TOLD)
    def test_leads_no_path_into_a_container(self, region, name):
        one = region.services[name]
        said = {text for text in (*one.environment.values(), *one.command) if text[:1] == "/"}
        here = (str(region.home), str(ROOT))
        assert {text for text in said if not text.startswith(here)} == set()

    @pytest.mark.parametrize("name", TOLD)
    def test_runs_each_with_the_same_words(self, region, name):
        written = TOLD[name].get("command") or list(compose.image_command())
        paths = compose.places(name, TOLD[name], region.home)
        run = region.command(region.services[name])
        assert run[1:] == [
            "127.0.0.1" if word == "0.0.0.0" else compose.moved(word, paths) for word in written[1:]
        ]
        assert written[0] in {"python", "postgres", "redis-server", "nginx"}

    @pytest.mark.parametrize("name", ["postgres", "sequencer", "web"])
    def test_asks_how_each_is_as_its_container_is_asked(self, region, name):
        written = TOLD[name]["healthcheck"]["test"]
        assert ["CMD", *region.services[name].health] == written

    def test_says_which_of_compose_s_questions_have_no_answer(self, tmp_path):
        with pytest.raises(compose.Stop, match="CASEHUB_ORIGINS"):
            compose.services(tmp_path, {})

    def test_makes_every_secret(self, tmp_path):
        secrets.make(tmp_path, postgres="postgres", redis="redis:6379")
        secrets.make_certificate(tmp_path)
        made = {path.name for path in tmp_path.iterdir()} - {"passwords.json"}
        assert made == set(compose.document()["secrets"])
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}

    def test_begins_the_secrets_of_containers_once(self, tmp_path, monkeypatch):
        monkeypatch.setattr(secrets, "FOLDER", tmp_path / "secrets")
        secrets.make_for_containers()
        made = {path.name for path in secrets.FOLDER.iterdir()}
        assert made == set(compose.document()["secrets"]) - set(secrets.THEIRS)
        assert secrets.FOLDER.stat().st_mode & 0o777 == 0o700
        password = (secrets.FOLDER / "postgres_password").read_text()
        owner = (secrets.FOLDER / "owner_url").read_text()
        assert owner == f"postgres://casehub:{password}@postgres/casehub"
        before = {path.name: path.read_text() for path in secrets.FOLDER.iterdir()}
        secrets.make_for_containers()
        assert {path.name: path.read_text() for path in secrets.FOLDER.iterdir()} == before

    @pytest.mark.parametrize("missing", ["owner_url", "postgres_password", "redis_users"])
    def test_makes_what_is_missing_of_what_is_there(self, tmp_path, monkeypatch, missing):
        monkeypatch.setattr(secrets, "FOLDER", tmp_path / "secrets")
        secrets.make_for_containers()
        (secrets.FOLDER / "secret_key").write_text("mine")
        before = {path.name: path.read_text() for path in secrets.FOLDER.iterdir()}
        (secrets.FOLDER / missing).unlink()
        secrets.make_for_containers()
        assert {path.name: path.read_text() for path in secrets.FOLDER.iterdir()} == before

    def test_makes_no_password_up_that_it_cannot_know(self, tmp_path, monkeypatch):
        monkeypatch.setattr(secrets, "FOLDER", tmp_path / "secrets")
        secrets.make_for_containers()
        (secrets.FOLDER / "redis_url").unlink()
        with pytest.raises(compose.Stop, match="redis_url"):
            secrets.make_for_containers()
        (secrets.FOLDER / "redis_users").unlink()
        (secrets.FOLDER / "app_url").write_text("postgres://casehub_app@postgres/casehub")
        with pytest.raises(compose.Stop, match="app_url"):
            secrets.make_for_containers()
        assert not (secrets.FOLDER / "redis_url").exists()

    def test_keeps_the_passwords_when_the_places_change(self, tmp_path):
        secrets.make(tmp_path, postgres="one", redis="one")
        before = (tmp_path / "owner_url").read_text(), (tmp_path / "secret_key").read_text()
        secrets.make(tmp_path, postgres="two", redis="two")
        after = (tmp_path / "owner_url").read_text(), (tmp_path / "secret_key").read_text()
        assert after == (before[0].replace("@one/", "@two/"), before[1])


class TestTheEdge:
    TEMPLATE = (ROOT / "deploy" / "nginx" / "nginx.conf.template").read_text()

    def test_has_as_many_workers_as_processors(self):
        limits = TOLD["edge"]["deploy"]["resources"]["limits"]
        assert f"\nworker_processes {limits['cpus']};" in self.TEMPLATE

    def test_is_asked_where_it_answers(self):
        place = TOLD["edge"]["environment"]["EDGE_ALIVE"].removeprefix("${EDGE_ALIVE:-")
        assert TOLD["edge"]["healthcheck"]["test"][-1] == f"http://{place.removesuffix('}')}/"

    def test_is_filled_in_by_variables_of_compose_alone(self):
        asked = {
            name
            for path in (ROOT / "deploy" / "nginx").glob("*.template")
            for name in re.findall(r"\$\{(EDGE_[A-Z_]+)\}", path.read_text())
        }
        given = set(TOLD["edge"]["environment"])
        assert asked == {name for name in given if name.startswith("EDGE_")}

    @pytest.mark.parametrize(
        ("directive", "value"),
        [
            ("client_header_timeout", f"{limits.HEADER_SECONDS}s"),
            ("keepalive_timeout", f"{limits.IDLE_SECONDS}s"),
            ("client_header_buffer_size", f"{limits.LINE_BYTES // limits.KIB}k"),
            ("large_client_header_buffers", f"2 {limits.LINE_BYTES // limits.KIB}k"),
            ("client_max_body_size", f"{settings.BODY_LIMIT // limits.KIB}k"),
        ],
    )
    def test_cuts_where_the_server_does(self, directive, value):
        (found,) = re.findall(rf"^    {directive} ([^;]+);", self.TEMPLATE, re.MULTILINE)
        assert found == value

    def test_counts_sockets_and_what_it_keeps_apart_from_everything_else(self):
        doors = (ROOT / "deploy" / "nginx" / "doors.conf").read_text()
        everything = int(re.findall(r"^    limit_conn open (\d+);", self.TEMPLATE, re.MULTILINE)[0])
        sockets = int(re.findall(r"^    limit_conn sockets (\d+);", doors, re.MULTILINE)[0])
        assert everything + sockets <= limits.CONNECTIONS  # of one web process
        counted = set(re.findall(r"limit_(?:req|conn) (?:zone=)?(\w+)", doors + self.TEMPLATE))
        assert counted == set(re.findall(r"_zone \$\w+ zone=(\w+):", self.TEMPLATE))

    def test_leads_to_the_names_of_the_origins_alone(self):
        (pattern,) = re.findall(r'"~(.+)" \$edge_host;', self.TEMPLATE)
        named = re.compile(pattern.replace("(?<", "(?P<"))

        def led(host, origins):
            found = named.match(f"{host} {origins}")
            return found["edge_host"] if found else ""

        both = "https://one.example, https://two.example:8443"
        assert [led(host, both) for host in ("one.example", "two.example")] == [
            "one.example",
            "two.example",
        ]
        for other in ("example", "one", "evil.example", "e.example", "one.example.evil.example"):
            assert led(other, both) == ""
        assert led("one.example", "http://one.example") == ""
