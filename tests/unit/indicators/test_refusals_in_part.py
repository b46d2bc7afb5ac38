"""Requests of which a part was refused while the rest went on, in the rows that tell of them."""

from __future__ import annotations

from tests.unit.indicators.logged import request
from tests.unit.indicators.test_figures import SENT, counted, days


class TestRefusalsInPart:
    def test_are_a_row_of_their_own_and_settle_nothing(self):
        """The rest goes on: a question about it still says that it was not right."""
        first = (6, "refuse-part", ("codes:R02", "codes:R05", "measures:1", "terms:no-answer"))
        second = (8, "refuse-part", ("codes:R05", "measures:2"))
        story = request("a", SENT, first, (7, "ask-information"), second, measures=["a", "b", "c"])
        found = counted(story)
        assert found["refusals-in-part"] == {"R02": 1, "R05": 1}
        assert (found["refusals"], found["first-time-right"]) == ({}, {"asked": 1})
        assert (found["asked"], found["deadlines"]) == ({}, {})

    def test_count_in_no_time_that_a_measure_took(self):
        refuse = (8, "refuse-part", ("measures:1",))
        several = ["search", "bank_records", "search"]
        found = days(
            request("a", SENT, refuse, (9, "execute", ("measures:0", "measures:2")),
                    measures=several),
            request("b", SENT, (6, "answer-part", ("measures:0",)),
                    (9, "refuse-part", ("measures:2",)), measures=several),
        )  # fmt: skip
        #  of a kind of which one was refused: when the last of the others was answered
        assert found["execution-parts"] == {"search": [5, 2]}

    def test_end_with_a_refusal_of_all_that_was_left(self):
        """What was answered is told once nothing of its kind is open; what is refused took none."""
        several = ["search", "bank_records", "search"]
        part = (6, "answer-part", ("measures:0",))
        found = days(request("a", SENT, part, (9, "refuse", ("codes:R05",)), measures=several))
        assert found["execution-parts"] == {"search": [2]}
        again = (SENT, part, (7, "return"), (8, "transmit"), (9, "refuse", ("codes:R05",)))
        assert days(request("b", *again, measures=several))["execution-parts"] == {}
        both = (SENT, part, (8, "refuse-part", ("measures:2",)), (9, "refuse", ("codes:R05",)))
        assert days(request("c", *both, measures=several))["execution-parts"] == {"search": [2]}
