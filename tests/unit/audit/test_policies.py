"""When the log is too far behind, and what of it is said in which colour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from audit import policies
from audit.states import Finding, Level, Standing, Strays, WitnessSeen

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def standing(waiting=0, most=100, unplaced=None, unsigned=None, unpublished=None):
    return Standing(
        waiting,
        most,
        NOW,
        *(None if ago is None else NOW - ago for ago in (unplaced, unsigned, unpublished)),
    )


NONE = Strays(0, 0, 0)


def findings(state=None, strays=NONE, disputed=(), witnesses=()):
    found = policies.findings(
        standing=state or standing(),
        strays=strays,
        disputed=disputed,
        witnesses=witnesses,
        now=NOW,
    )
    return [(one.code, one.level.value) for one in found]


class TestAnAct:
    @pytest.mark.parametrize(
        ("state", "why"),
        [
            (standing(), None),
            (standing(99, unplaced=24 * HOUR), None),
            (standing(100), "full"),
            (standing(unplaced=24 * HOUR + SECOND), "unpublished"),
            (standing(unsigned=24 * HOUR + SECOND), "unpublished"),
            (standing(unpublished=24 * HOUR + SECOND), "unpublished"),
            (standing(unplaced=-HOUR), None),  # of a database whose clock was put back
        ],
    )
    def test_is_taken_until_a_day_has_passed_or_the_queue_is_full(self, state, why):
        assert policies.stalled_by(state) == why


class TestTheColour:
    @pytest.mark.parametrize(
        ("state", "found"),
        [
            (standing(49), []),
            (standing(50), [("queue-half-full", "amber")]),
            (standing(100), [("log-stalled", "red")]),
            (standing(unplaced=MINUTE), []),
            (standing(unplaced=MINUTE + SECOND), [("unplaced", "amber")]),
            (standing(unplaced=10 * MINUTE + SECOND), [("unplaced", "red")]),
            (standing(unsigned=2 * MINUTE), [("unsigned", "amber")]),
            (standing(unpublished=10 * MINUTE), []),
            (standing(unpublished=11 * MINUTE), [("unpublished", "red")]),
            (standing(unpublished=25 * HOUR), [("log-stalled", "red"), ("unpublished", "red")]),
        ],
    )
    def test_follows_how_long_the_oldest_event_waits_in_each_step(self, state, found):
        assert findings(state) == found

    def test_is_red_for_a_single_row_that_nobody_of_ours_left(self):
        assert findings(strays=Strays(1, 0, 0)) == [("stray-entries", "red")]
        assert findings(strays=Strays(0, 2, 3)) == [("stray-tiles", "red"), ("stray-places", "red")]

    def test_is_red_for_a_dispute_and_red_comes_first(self):
        late = WitnessSeen("acts-2026", "MX", None, "")
        found = findings(disputed=["acts-2026"], witnesses=[late])
        assert found == [("disputed", "red"), ("witness-never-seen", "amber")]

    @pytest.mark.parametrize(
        ("ago", "trouble", "found"),
        [
            (HOUR, "", []),
            (HOUR, "silent", []),  # it may be back in a minute
            (HOUR + SECOND, "silent", [("witness-not-seen", "amber")]),
            (25 * HOUR, "", [("witness-not-seen", "red")]),
            (SECOND, "clock", [("witness-clock", "amber")]),
            (SECOND, "unknown-log", [("witness-unknown-log", "amber")]),
            (None, "", [("witness-never-seen", "amber")]),
        ],
    )
    def test_follows_how_long_a_witness_was_not_seen_and_what_it_says(self, ago, trouble, found):
        seen = WitnessSeen("acts-2026", "MX", None if ago is None else NOW - ago, trouble)
        assert findings(witnesses=[seen]) == found

    def test_of_all_is_that_of_the_worst(self):
        amber, red = (Finding("x", level) for level in (Level.AMBER, Level.RED))
        assert policies.level_of([]) is Level.GREEN
        assert policies.level_of([amber]) is Level.AMBER
        assert policies.level_of([amber, red]) is Level.RED
