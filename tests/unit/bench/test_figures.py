"""Percentiles, medians of rounds, and when a round is not told."""

from __future__ import annotations

import math

import pytest

from bench.peers.figures import Delivery, Figure, Untold, percentile, summed


@pytest.mark.parametrize(
    ("values", "part", "expected"),
    [
        ([5], 0.5, 5),
        ([1, 2], 0.5, 1),
        ([3, 1, 2], 0.5, 2),
        (range(1, 101), 0.5, 50),
        (range(1, 101), 0.99, 99),
        (range(1, 101), 1, 100),
        (range(1, 101), 0, 1),
        (range(1, 11), 0.99, 10),
    ],
)
def test_percentile(values, part, expected):
    assert percentile(list(values), part) == expected


def test_of_nothing_there_is_no_percentile():
    assert math.isnan(percentile([], 0.5))


class TestFigure:
    def test_is_the_median_with_the_lowest_and_the_highest(self):
        assert Figure.of([9, 1, 5]) == Figure(5, 1, 9)

    def test_leaves_out_rounds_that_have_none(self):
        assert Figure.of([math.nan, 4, 2]) == Figure(3, 2, 4)

    def test_of_no_round_is_not_known(self):
        assert not Figure.of([]).known
        assert not Figure.of([math.nan]).known

    def test_is_made_for_every_name_of_any_round(self):
        found = summed([{"a": 1, "b": 7}, {"a": 3}, {"a": 2}])
        assert found == {"a": Figure(2, 1, 3), "b": Figure(7, 7, 7)}


def delivered(members=2, *, due=(1, 2)) -> Delivery:
    """Return a round in which everything went well: due at 10, acknowledged at 11, whole at 12."""
    made = Delivery(members)
    for message in due:
        made.due[message] = 10.0
        made.acknowledged[message] = 11.0
        for _ in range(members):
            made.hear(message, 12.0)
    return made


class TestDelivery:
    def test_tells_what_went_well(self):
        one = delivered()
        one.require()
        assert one.settled
        assert one.waits() == [1.0, 1.0]
        assert one.arrivals() == [2.0, 2.0]

    def test_is_not_settled_while_a_member_waits(self):
        one = delivered()
        one.due[3] = one.acknowledged[3] = 10.0
        one.hear(3, 11.0)
        assert not one.settled

    def test_does_not_count_messages_of_another_round(self):
        one = delivered()
        one.hear(99, 12.0)
        one.require()
        assert 99 not in one.heard

    def test_refuses_to_tell_of_one_that_was_acknowledged_and_did_not_reach_everybody(self):
        one = delivered()
        one.heard[2] = 1
        with pytest.raises(Untold, match=r"^1 of 2 acknowledged messages did not reach every"):
            one.require()

    def test_refuses_to_tell_of_one_that_reached_a_member_too_many(self):
        one = delivered()
        one.hear(2, 12.0)
        with pytest.raises(Untold, match="did not reach every member once"):
            one.require()

    def test_refuses_to_tell_of_one_that_was_never_acknowledged(self):
        one = delivered()
        del one.acknowledged[1]
        with pytest.raises(Untold, match="1 of 2 were never acknowledged"):
            one.require()

    def test_refuses_to_tell_of_what_came_twice(self):
        one = delivered()
        one.twice = 3
        with pytest.raises(Untold, match="3 came twice"):
            one.require()

    def test_refuses_to_tell_of_refusals_and_says_why_the_first_was(self):
        one = delivered()
        one.refused = ["too-many", "try-again"]
        with pytest.raises(Untold, match="2 were refused, the first by too-many"):
            one.require()
