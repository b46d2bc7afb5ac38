"""The table, its figures and its chart."""

from __future__ import annotations

import json
import math
from xml.etree import ElementTree as ET

import pytest

from bench.peers.chart import chart
from bench.peers.figures import Figure
from bench.peers.goals import GOALS, judged
from bench.peers.results import PARTS, ROWS, Found, Run, dumped
from bench.peers.table import cell, text
from bench.peers.writing import page


def found(name: str, deliveries: float, **parts) -> Found:
    figure = Figure(deliveries, deliveries - 10, deliveries + 10)
    figures = {part: {"deliveries/s": figure} for part in ("S1", "S2", "S3")}
    return Found(name, f"{name} 1.0", load=(1.5, 2.5), figures=figures | parts)


def run(*servers: Found, **more) -> Run:
    return Run({"commit": "abc"}, list(servers), **more)


class TestACell:
    @pytest.mark.parametrize(
        ("figure", "places", "expected"),
        [
            (Figure(1234.5, 1000, 2000), 0, "1,234 (1,000–2,000)"),
            (Figure(2.34, 2.2, 2.5), 1, "2.3 (2.2–2.5)"),
            (Figure(20, 20, 20), 0, "20"),
            (Figure(2.31, 2.29, 2.34), 1, "2.3"),
            (Figure.of([]), 1, "-"),
        ],
    )
    def test_holds_median_and_spread(self, figure, places, expected):
        assert cell(figure, places) == expected


class TestTheTable:
    def test_has_a_column_for_each_server_and_says_how_busy_the_machine_was(self):
        told = text(run(found("One", 100), found("Two", 200)))
        assert "commit: abc" in told
        assert "One: One 1.0; load 1.5 before, 2.5 after" in told
        line = next(line for line in told.splitlines() if "most deliveries a second" in line)
        assert line.split()[4:] == ["100", "(90–110)", "200", "(190–210)"]

    def test_names_who_is_left_out_and_why(self):
        told = text(run(found("One", 100), left_out={"Two": "is not installed"}))
        assert "left out: Two: is not installed" in told

    def test_has_no_figure_of_a_part_that_is_not_told(self):
        one = found("One", 100)
        del one.figures["S2"]
        one.untold["S2"] = "2 of 20 acknowledged messages did not reach every member once"
        told = text(run(one))
        assert f"not told: One, {PARTS['S2']}: 2 of 20 acknowledged" in told
        assert told.count("untold") == sum(row.part == "S2" for row in ROWS)

    def test_leaves_out_a_part_that_nobody_has(self):
        assert PARTS["S4"] not in text(run(found("One", 100)))

    def test_has_the_floor_and_the_curves(self):
        curve = [{"members": 2.0, "deliveries/s": 50.0}, {"members": 100.0, "deliveries/s": 1234.0}]
        floor = {"a commit of one message, median, ms": Figure(0.5, 0.4, 0.6)}
        told = text(run(found("One", 100), floor=floor, curves={"By members": curve}))
        assert "0.5 (0.4–0.6)" in told
        assert "1,234" in told
        assert told.index("The floor") < told.index("By members")


class TestGoals:
    def test_are_judged_by_ratios_within_the_run(self):
        servers = (found("CaseHub full x1", 400), found("ejabberd", 200), found("Prosody", 200))
        met = {goal.title: (ratio, met) for goal, ratio, met in judged(run(*servers))}
        assert met["S1 deliveries, beside ejabberd"] == (2.0, True)
        assert met["S1 deliveries, beside Prosody"] == (2.0, False)
        assert len(met) == 6

    @pytest.mark.parametrize(("kib", "met"), [(60, True), (61, False)])
    def test_beside_nobody_are_judged_by_the_figure_itself(self, kib, met):
        one = found("CaseHub full x1", 400, S4={"KiB": Figure(kib, kib, kib)})
        assert [(ratio, is_met) for _, ratio, is_met in judged(run(one))] == [(kib, met)]

    def test_of_who_was_not_measured_are_not_judged(self):
        assert judged(run(found("CaseHub full x1", 400))) == []

    def test_name_rows_of_the_table(self):
        known = {(row.part, row.figure) for row in ROWS}
        assert {(goal.part, goal.figure) for goal in GOALS} <= known

    def test_missed_ones_are_called_so(self):
        told = text(run(found("CaseHub full x1", 100), found("ejabberd", 200)))
        assert "MISSED  S1 deliveries, beside ejabberd" in told
        assert "0.50  >= 1.5" in told


class TestWhatIsWritten:
    def test_figures_are_json_without_what_json_has_not(self):
        one = found("One", 100, S4={"KiB": Figure(math.nan, math.nan, math.nan)})
        told = json.loads(dumped(run(one, left_out={"Two": "gone"})))
        (server,) = told["servers"]
        assert server["figures"]["S1"]["deliveries/s"] == [100, 90, 110]
        assert server["figures"]["S4"]["KiB"] is None
        assert told["left_out"] == {"Two": "gone"}
        assert "NaN" not in dumped(run(one))

    def test_the_chart_is_svg_with_a_bar_for_each_figure(self):
        root = ET.fromstring(chart(run(found("One & two", 100), found("Three", 20_000))))
        bars = root.findall("{http://www.w3.org/2000/svg}rect")[1:]
        assert len(bars) == 6
        widths = [float(bar.get("width")) for bar in bars]
        assert 0 < widths[0] < widths[3] <= 420
        assert any("One & two" in (one.text or "") for one in root)

    def test_a_chart_of_nothing_is_a_chart_still(self):
        ET.fromstring(chart(run()))

    def test_the_page_holds_the_table(self):
        told = page(run(found("One", 100)), flying=200)
        assert "most deliveries a second" in told
        assert "keeps 200 messages" in told
        assert told.endswith("```\n")
