"""Which stage may follow which."""

from __future__ import annotations

from itertools import product

import pytest

from requests_mla.states import NEXT, Stage, may_become

MOVES = {(Stage.DRAFT, Stage.READY), (Stage.READY, Stage.DRAFT)}


class TestStages:
    def test_all_have_their_moves(self):
        assert set(NEXT) == set(Stage)

    @pytest.mark.parametrize("stage", Stage)
    def test_may_stay(self, stage):
        assert may_become(stage, stage)

    def test_move_between_draft_and_ready_alone(self):
        found = {(a, b) for a, b in product(Stage, Stage) if a is not b and may_become(a, b)}
        assert found == MOVES
