"""compose.yaml: valid; nobody is root, writes to the image or keeps secrets in variables."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import jsonschema
import pytest
from ruamel.yaml import YAML

from bench.costs.__main__ import PROCESSES
from casehub.core import connections
from tests.repo.conftest import ROOT

COMPOSE = YAML(typ="safe", pure=True).load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
SECRET = ("KEY", "PASSWORD", "SECRET", "DATABASE_URL", "APP_URL", "SEQUENCER_URL", "REDIS_URL")
# Services that go on; the others do one thing and end.
STAYING = [name for name, service in SERVICES.items() if service["restart"] != "no"]


class TestCompose:
    def test_follows_the_schema_of_the_specification(self):
        vendored = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
        jsonschema.validate(COMPOSE, json.loads(vendored.read_text(encoding="utf-8")))

    def test_starts_the_full_configuration(self):
        assert set(STAYING) == {"postgres", "redis", "web", "sequencer", "edge"}
        web = SERVICES["web"]
        assert int(web["environment"]["CASEHUB_PROCESSES"]) == web["deploy"]["replicas"] > 1

    @pytest.mark.parametrize("name", SERVICES)
    def test_gives_nobody_more_than_they_need(self, name):
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert int(service["user"].partition(":")[0]) > 0

    @pytest.mark.parametrize("name", SERVICES)
    def test_lets_nobody_take_more_of_the_machine_than_is_said(self, name):
        limits = SERVICES[name]["deploy"]["resources"]["limits"]
        assert {"cpus", "memory", "pids"} <= limits.keys()

    def test_lets_nobody_in_but_by_the_edge_whose_callers_keep_their_addresses(self):
        assert [name for name, service in SERVICES.items() if "ports" in service] == ["edge"]
        assert SERVICES["edge"]["ports"] == ["0.0.0.0:443:8443", "0.0.0.0:80:8080"]

    def test_keeps_what_was_sent_out_of_the_log_of_postgresql(self):
        program, *words = SERVICES["postgres"]["command"]
        given = dict(word.split("=") for word in words if word != "-c")
        assert program == "postgres"
        assert given["log_min_error_statement"] == "panic"  # statements hold it
        assert given["log_error_verbosity"] == "terse"  # and so do details

    def test_gives_ten_of_the_web_their_connections_and_postgresql_its_processes(self):
        words = SERVICES["postgres"]["command"]
        given = dict(word.split("=") for word in words[1:] if word != "-c")
        most, free = int(given["max_connections"]), 24  # of the owner, operators and backups
        assert max(PROCESSES) * connections.WEB + connections.SEQUENCER + 1 + free <= most
        limits = SERVICES["postgres"]["deploy"]["resources"]["limits"]
        assert limits["pids"] >= most + 20  # its own: checkpoints, vacuum, statistics

    def test_asks_for_as_much_memory_as_on_call_is_told(self):
        in_mib = {"M": 1, "G": 1024}

        def most(name):
            deploy = SERVICES[name]["deploy"]
            limit = deploy["resources"]["limits"]["memory"]
            return int(limit[:-1]) * in_mib[limit[-1]] * deploy.get("replicas", 1)

        always, anew = sum(most(name) for name in STAYING), most("web")
        told = (ROOT / "docs" / "on-call.md").read_text("utf-8")
        needs, *said = re.search(
            r"\| (\d+) GiB of memory \| the limits come to ([\d.]+) GiB, and to ([\d.]+) more while"
            r" new web .*, ([\d.]+) while a backup",
            told,
        ).groups()
        counted = (always, anew, most("backup"))
        assert said == [f"{round(one / 1024, 1):g}" for one in counted]
        assert sum(counted) < int(needs) * 1024

    @pytest.mark.parametrize("name", STAYING)
    def test_knows_whether_it_is_well(self, name):
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"

    def test_asks_postgresql_where_the_server_that_makes_the_database_does_not_listen(self):
        assert "--host=127.0.0.1" in SERVICES["postgres"]["healthcheck"]["test"]

    @pytest.mark.parametrize("name", SERVICES)
    def test_keeps_a_bounded_log_of_each(self, name):
        kept = SERVICES[name]["logging"]
        assert (kept["driver"], {*kept["options"]}) == ("local", {"max-size", "max-file"})

    @pytest.mark.parametrize("name", STAYING)
    def test_cannot_take_the_whole_machine(self, name):
        limits = SERVICES[name]["deploy"]["resources"]["limits"]
        assert {*limits} == {"cpus", "memory", "pids"}

    def test_gives_the_web_no_key_of_the_log_and_no_way_to_its_owner(self):
        assert set(SERVICES["web"]["secrets"]) == {
            *("secret_key", "secret_key_fallbacks", "events_key", "app_url", "redis_url"),
            "mail_password",  # of the daily e-mail, which the web sends
            *("objects_key", "objects_secret"),  # of the store of files, where there is one
        }
        volumes = ["attachments:/srv/attachments", "promises:/srv/promises:ro"]
        assert SERVICES["web"]["volumes"] == volumes
        assert "owner_url" not in SERVICES["sequencer"]["secrets"]

    def test_lets_the_sequencer_make_the_key_that_the_web_promises_with(self):
        one = SERVICES["sequencer"]
        assert f"promises:{one['environment']['CASEHUB_PROMISES']}" in one["volumes"]

    def test_has_a_service_for_what_only_an_operator_does_which_is_never_up(self):
        one = SERVICES["operator"]
        assert (one["profiles"], one["restart"]) == (["operator"], "no")
        assert [name for name in SERVICES if "profiles" in SERVICES[name]] == ["operator", "backup"]
        assert one["environment"]["DATABASE_URL_FILE"] == "/run/secrets/owner_url"
        for name in ("CASEHUB_ANCHOR", "CASEHUB_SIGNING", "CASEHUB_PROMISES"):
            place = one["environment"][name]
            assert place == SERVICES["sequencer"]["environment"][name]
            assert f"{place.rpartition('/')[2]}:{place}" in one["volumes"]

    def test_makes_backups_without_a_key_of_the_log_and_writes_nothing_but_them(self):
        one = SERVICES["backup"]
        assert (one["profiles"], one["restart"]) == (["backup"], "no")
        writable = [volume for volume in one["volumes"] if not volume.endswith(":ro")]
        assert writable == ["./backups:/srv/backups"]
        assert not {"CASEHUB_SIGNING", "CASEHUB_ANCHOR", "CASEHUB_PROMISES"} & {*one["environment"]}
        assert one["environment"]["DATABASE_URL_FILE"] == "/run/secrets/owner_url"
        assert one["networks"] == ["inside"]

    @pytest.mark.parametrize("name", SERVICES)
    def test_hands_secrets_over_as_files(self, name):
        for variable in SERVICES[name].get("environment", {}):
            secret = any(word in variable for word in SECRET)
            assert not secret or variable.endswith("_FILE"), variable
        assert all("file" in secret for secret in COMPOSE["secrets"].values())
