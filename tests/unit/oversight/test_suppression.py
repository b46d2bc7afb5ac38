"""Counts in which no small number stands, nor one that would give it away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casehub.oversight.suppression import LEAST, suppressed

ROWS = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 40), max_size=8)


class TestARow:
    def test_keeps_what_is_large_enough_and_what_is_empty(self):
        assert suppressed({"a": 5, "b": 0, "c": 90}) == {"a": 5, "b": 0, "c": 90}

    def test_hides_the_next_smallest_beside_a_single_small_one(self):
        assert suppressed({"a": 2, "b": 7, "c": 90}) == {"a": None, "b": None, "c": 90}

    def test_hides_no_more_where_two_are_hidden_already(self):
        assert suppressed({"a": 2, "b": 4, "c": 7}) == {"a": None, "b": None, "c": 7}

    @given(ROWS)
    def test_never_tells_a_small_number_nor_leaves_one_hidden_among_told_ones(self, row):
        told = suppressed(row)
        assert all(count is None or count == 0 or count >= LEAST for count in told.values())
        hidden = [name for name, count in told.items() if count is None]
        large = [name for name, count in row.items() if count >= LEAST]
        assert len(hidden) != 1 or not large
