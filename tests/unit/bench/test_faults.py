"""Trials are written down, read again, and told in a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.faults.page import at_most, page
from bench.faults.results import Line, dumped, loaded

UNDER = {"commit": "abc", "machine": "two cores", "versions": "1.0", "disk": "a real one"}
ONE = Line("web-killed", 7, 2.5, 3.5, 40, 20.0, (), "2026-11-30 16:00", 1.5, UNDER)
FAULTS = {"web-killed": "SIGKILL", "line-cut": "cut"}


class TestALine:
    def test_is_read_as_it_was_written(self) -> None:
        two = replace(ONE, violations=("I1 here: lost",))
        assert loaded(dumped(ONE) + dumped(two)) == [ONE, two]

    def test_that_was_cut_off_is_left_out(self) -> None:
        assert loaded(dumped(ONE) + dumped(ONE)[:40]) == [ONE]


class TestTheRate:
    @pytest.mark.parametrize(
        ("failures", "trials", "most"), [(0, 60, 0.0487), (1, 60, 0.0766), (3, 3, 1.0)]
    )
    def test_that_is_excluded_is_the_exact_one(
        self, failures: int, trials: int, most: float
    ) -> None:
        assert at_most(failures, trials) == pytest.approx(most, abs=0.0005)


class TestThePage:
    def test_tells_how_often_and_how_long_of_what_was_tried(self) -> None:
        other = replace(ONE, recovery=4.0, longest=9.0)
        text = page([ONE, other, replace(ONE, recovery=2.6)], FAULTS)
        assert "| `web-killed`: SIGKILL | 3 | 0 | 63.2 % | 2.6 | 4.0 | 3.5 | 9.0 |" in text
        assert "line-cut" not in text
        assert "## Failures" not in text
        assert "load average as trials ended: 1.5 to 1.5" in text

    def test_names_every_failure_with_its_seed_and_keeps_its_first_words(self) -> None:
        bad = replace(ONE, seed=99, violations=("I1 here: lost\nby `one`", "I2 there: a gap"))
        text = page([ONE, bad], FAULTS)
        assert "| 2 | 1 |" in text
        told = "`web-killed`, seed 99, commit abc, 2026-11-30 16:00: 2 violations"
        assert f"{told}, the first: I1 here: lost by 'one'\n" in text

    def test_says_that_nothing_was_tried(self) -> None:
        assert "Nothing was tried yet" in page([], FAULTS)
