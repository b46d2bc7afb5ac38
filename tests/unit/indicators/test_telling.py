"""No number of fewer than five lives, nor one that follows from what is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casehub.indicators.limits import LEAST
from casehub.indicators.telling import Parts, Times, tell, too_few

HOUR = 3_600
SV, MX, US = frozenset({"SV"}), frozenset({"MX"}), frozenset({"US"})
STATES = st.sampled_from([SV, MX, US, SV | MX, SV | US, MX | US])
CELLS = st.dictionaries(st.sampled_from("abcde"), st.lists(STATES, max_size=14), max_size=5)


def told(cells, *, region=False):
    ((row,), _) = tell([Parts("row", "whole", cells)], [], region=region)
    return row


def lives(count, states=SV):
    return [states] * count


class TestACell:
    def test_of_five_is_told_and_of_four_is_not(self):
        assert told({"a": lives(5), "b": lives(6)})["cells"] == {"a": 5, "b": 6}
        assert told({"a": lives(4), "b": lives(3)})["cells"] == {"a": None, "b": None}

    def test_hides_another_that_would_give_it_away(self):
        row = told({"a": lives(4), "b": lives(9), "c": lives(30)})
        assert row == {"code": "row", "cells": {"a": None, "b": None, "c": 30}, "whole": 43}

    def test_that_is_alone_takes_the_sum_along(self):
        assert told({"a": lives(4), "b": []}) == {
            "code": "row",
            "cells": {"a": None, "b": 0},
            "whole": None,
        }

    @given(CELLS)
    def test_never_follows_from_the_others_and_the_sum(self, cells):
        row = told(cells)
        hidden = [len(cells[name]) for name, count in row["cells"].items() if count is None]
        if row["whole"] is not None and hidden:
            assert len(hidden) > 1
            assert sum(hidden) - (len(hidden) - 1) >= LEAST - 1
        assert all(
            count == 0 or count >= LEAST for count in row["cells"].values() if count is not None
        )


class TestTheRegion:
    def test_tells_no_cell_in_which_a_state_could_subtract_its_own(self):
        cells = {"a": lives(9, SV) + lives(2, MX), "b": lives(5, SV) + lives(6, MX)}
        assert told(cells, region=True)["cells"] == {"a": None, "b": None}
        assert told(cells)["cells"] == {"a": 11, "b": 11}

    def test_tells_what_one_state_did_alone(self):
        # The others have none, and do not know that it was one.
        assert told({"a": lives(9, SV)}, region=True)["cells"] == {"a": 9}

    @given(CELLS)
    def test_leaves_each_state_with_none_or_five_of_others(self, cells):
        row = told(cells, region=True)
        for name, count in row["cells"].items():
            if count is not None:
                assert not too_few(cells[name], region=True)
        if row["whole"] is not None:
            assert not too_few([one for found in cells.values() for one in found], region=True)


class TestRowsOfTheSameLives:
    def test_are_hidden_together(self):
        by_urgency = Parts("urgent", "sent", {"urgent": lives(5), "ordinary": lives(7)})
        by_corridor = Parts("corridors", "sent", {"SV-MX": lives(12)})
        rows, _ = tell([by_urgency, by_corridor], [], region=False)
        assert [row["whole"] for row in rows] == [12, 12]
        few = Parts("urgent", "sent", {"urgent": lives(4), "ordinary": []})
        alone = Parts("corridors", "sent", {"SV-MX": lives(4)})
        rows, _ = tell([few, alone], [], region=False)
        assert [row["whole"] for row in rows] == [None, None]
        assert rows[1]["cells"] == {"SV-MX": None}


class TestARowThatDividesNothing:
    def test_has_no_sum(self):
        """What is hidden in it may be told elsewhere, as notes are by month."""
        row = Parts("notes", "notes", {"sent": lives(9), "used": lives(6)}, divides=False)
        ((told_row,), _) = tell([row], [], region=False)
        assert told_row == {"code": "notes", "cells": {"sent": 9, "used": 6}, "whole": None}


class TestARowThatCrossesAnother:
    FIRST = Parts("first", "w", {"right": lives(40), "asked": lives(6), "returned": []})

    def of(self, first, cells, *, region=False):
        row = Parts("rule", "w", cells, crosses="right")
        (_, told_row), _ = tell([first, row], [], region=region)
        return told_row

    def test_is_told_where_each_of_its_cells_may_be(self):
        cells = {"aside-right": lives(10), "met-right": lives(30), "met-faulty": lives(6)}
        assert self.of(self.FIRST, cells)["cells"] == {
            "aside-right": 10,
            "met-right": 30,
            "met-faulty": 6,
        }

    def test_is_not_told_in_part_for_its_cells_add_up_to_those_of_the_other(self):
        """Of forty that were right 38 met the rule: two did not."""
        cells = {"aside-right": lives(2), "met-right": lives(38), "met-faulty": lives(6)}
        assert self.of(self.FIRST, cells) == {
            "code": "rule",
            "cells": dict.fromkeys(cells),
            "whole": None,
        }

    def test_is_not_told_where_it_would_add_up_to_a_hidden_one(self):
        """Ten and thirty would be the forty that are hidden beside two."""
        first = Parts("first", "w", {"right": lives(40), "asked": lives(2), "returned": []})
        cells = {"aside-right": lives(10), "met-right": lives(30), "met-faulty": []}
        assert set(self.of(first, cells)["cells"].values()) == {None}


class TestTheSumOfTheRegion:
    def test_leaves_no_state_one_to_four_in_what_is_hidden(self):
        """El Salvador knows its 28 in the two hidden ones: 41 less those, less ten, are three."""
        cells = {
            "a": lives(9, SV) + lives(2, MX),
            "b": lives(19, SV) + lives(1, MX),
            "c": lives(10, MX),
        }
        row = told(cells, region=True)
        assert row["cells"] == {"a": None, "b": None, "c": 10}
        assert row["whole"] is None


class TestTimes:
    def of(self, groups):
        everyone = [one for found in groups.values() for one in found]
        _, (row,) = tell([], [Times("row", "row", {"": everyone, **groups})], region=False)
        return {group["name"]: group for group in row["groups"]}

    def test_of_a_group_that_is_too_small_are_not_told_nor_left_over(self):
        slow = [(9 * HOUR, SV)] * 3
        found = self.of({"a": slow, "b": [(5 * HOUR, SV)] * 6, "c": [(7 * HOUR, SV)] * 20})
        assert found["a"]["count"] is found["a"]["median"] is None
        assert found["b"]["count"] is found["b"]["median"] is None
        assert found["c"]["median"] == 7 * HOUR
        assert found[""]["count"] == 29

    def test_by_corridor_tell_no_sum_that_is_hidden_beside_measures(self):
        """Five of a corridor, and five measures that one each had: each of them would be one."""
        one = [(9, SV)] * 5
        by_measure = Times("row", "row", {"": one, **{name: [(9, SV)] for name in "abcde"}})
        by_corridor = Times("row-corridors", "row", {"": one, "SV-MX": one})
        _, rows = tell([], [by_measure, by_corridor], region=False)
        assert {group["count"] for row in rows for group in row["groups"]} == {None}

    def test_of_fewer_than_ten_have_a_median_alone(self):
        found = self.of({"a": [(hours * HOUR, SV) for hours in range(9)]})
        assert found["a"] == {"name": "a", "count": 9, "median": 4 * HOUR, "ninth": None}

    def test_are_told_to_the_hour_for_a_median_to_the_second_is_one_life_s_own(self):
        found = self.of({"a": [(7 * HOUR + 1_799, SV)] * 9, "b": [(7 * HOUR + 1_800, SV)] * 10})
        assert found["a"]["median"] == 7 * HOUR
        assert (found["b"]["median"], found["b"]["ninth"]) == (8 * HOUR, 8 * HOUR)
