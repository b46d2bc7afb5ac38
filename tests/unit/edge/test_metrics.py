"""Figures: what is counted of an act, and who is told whether a process lives."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import httpx
import pytest
from django.core.management.base import CommandError
from prometheus_client import REGISTRY as ELSEWHERE
from ruamel.yaml import YAML

from casehub.core import metrics
from casehub.core.errors import NotAllowed
from casehub.core.http import clock
from casehub.edge.metrics import Listener
from casehub.edge.metrics import told as figures_told
from tests.repo.conftest import ROOT
from tools.region.private import spare_port


def counted(**labels):
    return metrics.REGISTRY.get_sample_value("casehub_acts_total", labels) or 0.0


class TestAnAct:
    @pytest.mark.parametrize(
        ("error", "outcome"),
        [(None, "done"), (NotAllowed("not-allowed"), "refused"), (ZeroDivisionError(), "failed")],
    )
    def test_is_counted_by_what_became_of_it(self, error, outcome):
        before = counted(act="cases.case.open", outcome=outcome)

        def act():
            with metrics.timed("cases.case.open"):
                if error is not None:
                    raise error

        if error is None:
            act()
        else:
            with pytest.raises(type(error)):
                act()
        assert counted(act="cases.case.open", outcome=outcome) == before + 1

    def test_is_counted_for_nobody_elses_collector(self):
        assert not [one for one in ELSEWHERE.collect() if one.name.startswith("casehub")]


class TestTheListener:
    @pytest.fixture
    def told(self):
        place, self.well = f"127.0.0.1:{spare_port()}", True
        listener = Listener(place, lives=lambda: self.well)
        listener.start()
        yield f"http://{place}"
        listener.stop()

    def test_tells_whether_the_work_goes_on(self, told):
        assert httpx.get(f"{told}/healthz").status_code == 200
        self.well = False
        assert httpx.get(f"{told}/healthz").status_code == 503

    def test_says_in_one_line_that_its_place_is_taken(self, told, settings):
        settings.METRICS = told.removeprefix("http://")
        with (
            pytest.raises(CommandError, match=f"CASEHUB_METRICS={settings.METRICS}"),
            figures_told(clock, lives=lambda: True),
        ):
            pass

    def test_tells_figures_and_nothing_else(self, told):
        answer = httpx.get(f"{told}/metrics")
        assert "# TYPE casehub_acts_total counter" in answer.text
        assert httpx.get(f"{told}/readyz").status_code == 404


class TestTheDashboard:
    def test_is_one_that_grafana_reads(self):
        board = json.loads((ROOT / "deploy" / "grafana" / "casehub.json").read_text("utf-8"))
        panels = board["panels"]
        assert len({one["id"] for one in panels}) == len(panels)
        assert {one["datasource"]["uid"] for one in panels} == {"${source}"}
        for one in panels:
            place = one["gridPos"]
            assert place["x"] + place["w"] <= 24


class TestTheAlarms:
    WRITTEN = (ROOT / "deploy" / "prometheus" / "alarms.yaml").read_text("utf-8")
    RULES = YAML(typ="safe", pure=True).load(WRITTEN)["groups"][0]["rules"]

    def test_ask_for_figures_that_are_told(self):
        told = (ROOT / "docs" / "operations.md").read_text("utf-8")
        asked = {name for one in self.RULES for name in re.findall(r"casehub_\w+", one["expr"])}
        assert len(asked) == 3
        assert [name for name in asked if f"| `{name}{{" not in told] == []

    def test_that_compare_with_before_count_what_nobody_told_before(self):
        """
        `increase` needs two values: of a figure that comes with its first failure it says nothing.

        Such a figure has none a window ago: `unless … offset` leaves just those. One that a new
        process tells from nothing is told apart by when that began.
        """
        comparing = re.compile(r"increase\((\S+?)\[(\w+)\]\)\) > 0")
        found = [(one["expr"], *was.groups()) for one in self.RULES for was in
                 comparing.finditer(one["expr"])]  # fmt: skip
        assert len(found) == 1
        for expression, figure, window in found:
            assert f"({figure} unless {figure} offset {window}) > 0" in expression
            assert f"({figure} and on (job, instance) (time() - process_start_time" in expression

    @pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not here")
    def test_say_what_prometheus_says(self):
        folder = ROOT / "deploy" / "prometheus"
        for told in (["check", "rules", "alarms.yaml"], ["test", "rules", "alarms.test.yaml"]):
            ran = subprocess.run(
                ["promtool", *told], cwd=folder, capture_output=True, text=True, check=False
            )
            assert ran.returncode == 0, ran.stdout + ran.stderr

    def test_are_each_tried_as_told_and_those_of_what_is_not_there_without_any_figure(self):
        written = (ROOT / "deploy" / "prometheus" / "alarms.test.yaml").read_text("utf-8")
        told, alone = set(), set()
        for case in YAML(typ="safe", pure=True).load(written)["tests"]:
            fired = {one["alertname"] for one in case["alert_rule_test"] if "exp_alerts" in one}
            told |= fired
            alone |= set() if case["input_series"] else fired
        assert told == {one["alert"] for one in self.RULES}
        assert alone == {one["alert"] for one in self.RULES if "vector(0)" in one["expr"]}

    def test_wake_somebody_or_wait_for_the_day(self):
        assert {one["labels"]["severity"] for one in self.RULES} == {"page", "look"}

    def test_count_the_processes_that_compose_starts(self):
        services = YAML(typ="safe", pure=True).load((ROOT / "compose.yaml").read_text("utf-8"))
        processes = services["services"]["web"]["deploy"]["replicas"] + 1  # what signs the log
        (away,) = [one for one in self.RULES if one["alert"] == "CaseHubProcessAway"]
        assert away["expr"].endswith(f"< {processes}")

    def test_that_are_no_code_are_explained_by_name(self):
        explained = (ROOT / "docs" / "on-call.md").read_text("utf-8")
        named = {one["alert"] for one in self.RULES if "casehub_findings" not in one["expr"]}
        assert named == set(re.findall(r"`(CaseHub\w+)`", explained))
