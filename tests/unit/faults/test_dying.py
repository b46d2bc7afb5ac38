"""Servers that die where they are told to, and whoever tells them."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.faults.faults import FAULTS
from tests.faults.ground import WEBS, Missed
from tests.faults.strikes import dying, packets
from tests.servers.casehub_server import PROJECT
from tests.servers.dying import POINTS, Passing
from tests.servers.volume import Unavailable


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "dies"


class TestAPoint:
    def test_is_passed_where_nothing_is_told(self, file):
        assert not Passing(file).at("message stored")
        file.write_text("")
        assert not Passing(file).at("message stored")

    def test_is_where_it_dies_in_the_passing_that_was_told(self, file):
        passing = Passing(file)
        passing.at("message stored")
        file.write_text("message stored\n2")
        assert not passing.at("message grown")
        assert not passing.at("message stored")
        assert not passing.at("case recorded")
        assert passing.at("message stored")

    def test_of_a_transaction_is_named_by_what_it_records(self, file):
        passing = Passing(file)
        for kinds, act in (
            (["core.act.refused", "messaging.message.posted"], "message"),
            (["cases.case.opened"], "case"),
            (["accounts.session.begun"], "case"),  # of one transaction, what was noted stays
        ):
            passing.records(kinds)
            assert passing.act == act
        passing.over()
        assert not passing.act

    def test_that_nobody_passes_is_missed(self, tmp_path, monkeypatch):
        monkeypatch.setattr(dying, "DIES", 0.1)
        alive = SimpleNamespace(process=SimpleNamespace(poll=lambda: None))
        files = {web: tmp_path / web for web in WEBS}
        ground: Any = SimpleNamespace(beside=dying.Mortal(files), alive=lambda _: alive)
        with pytest.raises(Missed, match="nobody came by"):
            FAULTS["web-dies"].strike(ground, random.Random(1))
        (told,) = (file.read_text() for file in files.values() if file.exists())
        assert told.partition("\n")[0] in POINTS


class TestWantOfMemory:
    @pytest.mark.parametrize("told", ["memory.events", "memory.oom_control"])
    def test_of_which_nobody_was_killed_is_missed(self, tmp_path, told):
        group = tmp_path / "group"
        group.mkdir()
        (group / told).write_text("oom 3\noom_kill 0\n")
        over = SimpleNamespace(process=SimpleNamespace(poll=lambda: -9))
        mortal = dying.Mortal({WEBS[0]: tmp_path / "dies"}, group)
        ground: Any = SimpleNamespace(beside=mortal, alive=lambda _: over)
        with pytest.raises(Missed, match="not killed for want of memory"):
            FAULTS["web-starved"].strike(ground, random.Random(1))

    def test_cannot_be_tried_where_no_group_can_be_made(self, tmp_path):
        with pytest.raises(Unavailable, match="can be limited here"):
            dying.limited(tmp_path / "nothing", 1)


class TestTheProgram:
    def test_is_for_a_demo_alone(self, file):
        told = subprocess.run(
            [sys.executable, "-m", "tests.servers.dying", file, "serve"],
            cwd=PROJECT,
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 1
        assert "only a demo" in told.stderr


def test_a_road_on_which_nothing_was_spoiled_is_missed(monkeypatch):
    monkeypatch.setattr(packets.time, "sleep", lambda _: None)
    road = SimpleNamespace(spoil=dict, mend=dict, passed=9, lost=0, overtook=2, doubled=1)
    ground: Any = SimpleNamespace(beside=road)
    with pytest.raises(Missed, match="fared too well: of 9 0 were lost, 2 overtook"):
        FAULTS["packets-bad"].strike(ground, random.Random(1))
