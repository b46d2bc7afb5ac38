"""Counts in which no small number stands, nor one that would give it away."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.oversight.suppression import LEAST, suppressed

NAMES = st.text("abcdef", min_size=1, max_size=1)
ROWS = st.dictionaries(NAMES, st.integers(0, 40), max_size=8)
#  (area, day, how many): two rows that count the same acts
ACTS = st.lists(st.tuples(NAMES, NAMES, st.integers(1, 7)), max_size=12)


def of(row):
    (told,) = suppressed(row)
    return told


def both(acts):
    """Return the counts of areas and of days."""
    areas, days = Counter(), Counter()
    for area, day, count in acts:
        areas[area] += count
        days[day] += count
    return areas, days


def sums(cells, most):
    """Return what so many hidden cells, each of at least one act, may add up to."""
    return set(range(cells, most)) if cells else {0}


def room(told, other, most):
    """Return how many values each hidden cell of a row may have, given the other row's cells."""
    hidden = sum(count is None for count in told.values())
    seen = sum(count or 0 for count in told.values())
    elsewhere = sum(count or 0 for count in other.values())
    totals = {elsewhere + rest for rest in sums(list(other.values()).count(None), most)}
    return sum(
        any(seen + value + rest in totals for rest in sums(hidden - 1, most))
        for value in range(1, most)
    )


class TestARow:
    def test_keeps_what_is_large_enough_and_what_is_empty(self):
        assert of({"a": 5, "b": 0, "c": 90}) == {"a": 5, "b": 0, "c": 90}

    def test_hides_the_next_smallest_beside_a_single_small_one(self):
        assert of({"a": 2, "b": 7, "c": 90}) == {"a": None, "b": None, "c": 90}

    def test_hides_no_more_where_two_are_hidden_already(self):
        assert of({"a": 2, "b": 4, "c": 7}) == {"a": None, "b": None, "c": 7}

    def test_hides_one_more_where_two_add_up_to_what_gives_them_away(self):
        assert of({"a": 1, "b": 1, "c": 7, "d": 30}) == {"a": None, "b": None, "c": None, "d": 30}

    @given(ROWS)
    def test_never_tells_a_small_number_nor_leaves_one_hidden_among_told_ones(self, row):
        told = of(row)
        assert all(count is None or count == 0 or count >= LEAST for count in told.values())
        hidden = [name for name, count in told.items() if count is None]
        large = [name for name, count in row.items() if count >= LEAST]
        assert len(hidden) != 1 or not large

    @given(ROWS)
    def test_tells_with_its_sum_no_hidden_cell_while_it_tells_another(self, row):
        told = of(row)
        if None in told.values() and any(told.values()):
            assert room(told, {"sum": sum(row.values())}, 400) >= LEAST - 1


class TestTwoRowsOfTheSameActs:
    def test_hide_a_sum_that_would_give_the_other_s_cells_away(self):
        areas, days = suppressed({"cases": 5, "accounts": 9}, dict.fromkeys("abcdefghijklmn", 1))
        assert areas == {"cases": None, "accounts": None}
        assert set(days.values()) == {None}

    @pytest.mark.parametrize("days", [{"a": 1, "b": 1, "c": 30}, {"a": 1, "b": 2, "c": 29}])
    def test_hide_what_was_once_computed_from_a_real_month(self, days):
        areas, told = suppressed({"cases": 20, "accounts": 12}, days)
        assert areas == {"cases": 20, "accounts": 12}
        assert told == {"a": None, "b": None, "c": None}

    @given(ACTS)
    def test_leave_each_hidden_cell_room_for_any_small_number(self, acts):
        areas, days = both(acts)
        told = suppressed(areas, days)
        for row, other in (told, told[::-1]):
            assert all(count is None or count >= LEAST for count in row.values())
            if None in row.values():
                assert room(row, other, 2 * sum(areas.values()) + 40) >= LEAST - 1
