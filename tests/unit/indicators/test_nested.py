"""Rows of which one lies within another: what one leaves of the other is a number like any."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.indicators import figures, lives
from tests.unit.indicators.logged import request

SENT = (4, "transmit", ("channel:paper", "language:es"))
KIND = st.tuples(
    st.sampled_from(["", "urgent"]),  # urgency
    st.booleans(),  # with a deadline
    st.sampled_from(["bank_records", "content_data", "preserve_data"]),
    st.booleans(),  # a rule set aside
    st.booleans(),  # over
    st.sampled_from([("SV", "MX"), ("SV", "GT"), ("GT", "SV")]),
)
ALIKE = st.tuples(KIND, st.integers(1, 12)).map(lambda one: [one[0]] * one[1])
KINDS = st.lists(ALIKE, min_size=2, max_size=4).map(lambda found: list(chain.from_iterable(found)))


def told(stories, state):
    """Return the cells and sums of counts, and how many lives each row of times is about."""
    found = figures.figures(
        chain.from_iterable(stories), quarter="2026-Q3", state=state, known=lives.KINDS
    )
    cells = {row["code"]: row["cells"] for row in found["counts"]}
    wholes = {row["code"]: row["whole"] for row in found["counts"]}
    return cells, wholes, {row["code"]: row["groups"][0]["count"] for row in found["times"]}


class TestRowsThatLieWithinOneAnother:
    @given(kinds=KINDS, state=st.sampled_from(["SV", ""]))
    def test_differ_by_no_number_from_one_to_four(self, kinds, state):
        """Set aside of what became ready, for data of what was sent, by a day of what is over."""
        stories = [
            request(
                f"r{number}",
                *[SENT, *[(9, "execute")] * over],
                of=of,
                to=to,
                urgency=urgency,
                deadline="2026-08-01" if due else "",
                measures=[measure],
                aside=["A"] * aside,
                case="K",
            )
            for number, (urgency, due, measure, aside, over, (of, to)) in enumerate(kinds)
        ]
        cells, wholes, times = told(stories, state)
        for outer, inner in [
            (times["drafting"], [cells["set-aside"].get("A", 0)]),
            (wholes["urgent"], [cells["preserved"][one] for one in ("preserved", "not-preserved")]),
            (wholes["asked"], [cells["deadlines"][one] for one in ("met", "missed")]),
        ]:
            if outer is not None and None not in inner:
                assert outer - sum(inner) not in range(1, 5)

    @pytest.mark.parametrize("state", ["SV", ""])
    def test_are_not_told_where_they_leave_two(self, state):
        stories = [
            request(
                f"r{number}",
                SENT,
                (9, "execute"),
                urgency="urgent" if number < 10 else "",
                deadline="2026-08-01",
                measures=["content_data" if number < 10 else "bank_records"],
                aside=["A"] * (number < 10),
                to=("MX", "GT")[number % 2],
            )
            for number in range(12)
        ]
        cells, wholes, _ = told(stories, state)
        assert cells["set-aside"]["A"] is None
        assert None in (wholes["urgent"], cells["preserved"]["not-preserved"])
        assert None in (wholes["asked"], cells["deadlines"]["met"])

    def test_are_told_where_what_is_left_is_enough(self):
        """What hides them all would pass the sentence above."""
        stories = [
            request(
                f"r{number}",
                SENT,
                (9, "execute"),
                urgency="urgent" if number < 6 else "",
                deadline="2026-08-01",
                measures=["content_data" if number < 6 else "bank_records"],
                aside=["A"] * (number < 6),
            )
            for number in range(12)
        ]
        cells, wholes, times = told(stories, "SV")
        assert (times["drafting"], cells["set-aside"]) == (12, {"A": 6})
        assert (wholes["urgent"], cells["preserved"]["not-preserved"]) == (12, 6)
        assert cells["deadlines"] == {"met": 6, "missed": 0, "none": 6}
