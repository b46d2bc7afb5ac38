"""The life of a designation as a table."""

from __future__ import annotations

from itertools import pairwise

import pytest

from casehub.core.roles import ROLES
from casehub.designations import codes, stages
from casehub.designations.stages import ARROWS, OPEN, OVER, Stage

WAY = [
    Stage.DRAFT,
    Stage.CONSULTED,
    Stage.NOMINATED,
    Stage.MINISTRY_1,
    Stage.APPROVED,
    Stage.CEREMONY,
    Stage.ACTIVE,
]


def reached(forbidden: Stage) -> set[Stage]:
    """Return the stages that can be reached from a draft without ever being at `forbidden`."""
    found, waiting = {Stage.DRAFT}, [Stage.DRAFT]
    while waiting:
        now = waiting.pop()
        for arrow in ARROWS:
            ahead = arrow.after
            if arrow.before is now and ahead not in found and ahead is not forbidden:
                found.add(ahead)
                waiting.append(ahead)
    return found


class TestTheTable:
    def test_leads_along_the_way(self):
        arrows = {(arrow.before, arrow.after) for arrow in ARROWS}
        assert set(pairwise(WAY)) <= arrows

    @pytest.mark.parametrize("stage", [Stage.CONSULTED, Stage.NOMINATED, Stage.APPROVED])
    def test_leads_to_nobody_active_past_a_stage(self, stage):
        assert Stage.ACTIVE not in reached(stage)

    def test_leads_nowhere_from_what_is_over(self):
        assert [arrow for arrow in ARROWS if arrow.before in OVER] == []

    def test_can_reject_wherever_it_is_not_over_and_no_key_counts(self):
        assert {arrow.before for arrow in ARROWS if arrow.act == "reject"} == set(OPEN)

    def test_gives_every_stage_of_the_way_a_last_day(self):
        assert {*OPEN, Stage.ACTIVE} == {a.before for a in ARROWS if a.act == "lapse"}

    def test_names_roles_of_the_one_table_and_the_clock(self):
        named = {who for arrow in ARROWS for who in arrow.who}
        assert named <= {*ROLES, "clock", "any one"}

    def test_says_which_of_two_arrows_is_taken(self):
        for arrow in ARROWS:
            if len(stages.next_of(arrow.act, arrow.before)) > 1:
                assert arrow.when

    def test_prints_each_arrow_in_its_diagram_and_its_rows(self):
        assert stages.diagram().startswith("stateDiagram-v2\n    [*] --> draft: draft\n")
        assert "nominated --> ministry_1: approve" in stages.diagram()
        assert len(stages.rows()) == len(ARROWS)


class TestACode:
    def test_stands_in_groups(self):
        assert codes.written("ABCD1234") == "ABCD-1234"

    @pytest.mark.parametrize("typed", ["abcd-1O34", "ABCDlo34", " ab cd-i0 34"])
    def test_is_the_same_however_it_is_typed(self, typed):
        assert codes.digest_of(typed) == codes.digest_of("ABCD-1034")

    def test_is_another_with_another_letter(self):
        assert codes.digest_of("ABCD-1034") != codes.digest_of("ABCD-1035")
