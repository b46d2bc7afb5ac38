"""Whether entries say a time that can be theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from audit.queries.timing import Timing

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = 24 * HOUR


def findings(*acts, signed=(), first=0):
    """Return what is found of acts by their hours from noon, and of signatures (size, hours)."""
    timing = Timing([(size, NOON + hours * HOUR) for size, hours in signed])
    for place, hours in enumerate(acts, start=first):
        time = int((NOON + hours * HOUR).timestamp())
        timing.act(place, b'{"c":"","g":[],"k":"event","t":%d,"v":1}' % time)
    return timing.findings


class TestTheTimeOfAnEntry:
    def test_is_believed_in_the_order_of_things(self):
        assert findings(0, 0, 1, 30, 900, signed=[(2, 0), (4, 30), (5, 900)]) == []

    @pytest.mark.parametrize("hours", [-24, -1, 0])
    def test_may_be_a_day_older_than_what_stands_before(self, hours):
        assert findings(0, hours, signed=[(1, 0), (2, 0)]) == []

    def test_may_not_be_older_than_a_day_before_what_stands_before(self):
        (words,) = findings(0, -7200, 1, signed=[(1, 0), (3, 1)])
        assert words == "entry 1 says 2026-01-28 12:00, and was placed after 2026-11-24 12:00"

    def test_may_not_be_so_where_nothing_was_signed_between(self):
        (words,) = findings(0, -7200, signed=[(2, 0)])
        assert "entry 1 says" in words

    def test_may_not_be_older_than_a_day_before_a_signature_though_no_act_stands_before(self):
        (words,) = findings(-25, first=1, signed=[(1, 0), (2, 0)])
        assert "entry 1 says" in words

    def test_may_be_that_of_the_outage_after_which_the_queue_was_signed_in_portions(self):
        assert findings(0, 1, 2, 70, signed=[(1, 0), (2, 72), (3, 72), (4, 72)]) == []

    def test_may_be_minutes_after_the_signature_that_covers_it(self):
        assert findings(1 / 6, signed=[(1, 0)]) == []

    def test_may_not_be_later_than_that_nor_excuse_those_behind_it(self):
        (words,) = findings(0, 900, 1, signed=[(3, 1)])
        assert words == "entry 1 says 2027-01-01 00:00, and was signed before that"

    def test_may_be_open_where_nothing_is_signed_yet(self):
        assert findings(0, 1) == []
