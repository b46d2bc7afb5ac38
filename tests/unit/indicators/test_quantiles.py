"""Medians and percentiles of whole seconds."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.indicators.quantiles import median, ninth

SECONDS = st.lists(st.integers(0, 10**8), min_size=1, max_size=60)


class TestTheMedian:
    @given(SECONDS)
    def test_is_the_one_of_everybody_to_half_a_second(self, values):
        assert abs(median(values) - statistics.median(values)) <= 0.5

    def test_rounds_half_a_second_up(self):
        assert median([1, 2]) == 2

    def test_of_nothing_is_none(self):
        with pytest.raises(ValueError, match="nothing"):
            median([])


class TestThe90thPercentile:
    @given(SECONDS.filter(lambda values: len(values) > 1))
    def test_is_the_inclusive_one_of_spreadsheets(self, values):
        expected = statistics.quantiles(values, n=10, method="inclusive")[8]
        assert abs(ninth(values) - expected) <= 0.5 + 1e-6

    def test_of_eleven_is_the_tenth(self):
        assert ninth(range(11)) == 9
