"""Calendar quarters, and which of them may be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casehub.indicators import quarters
from casehub.indicators.policies import why_not_read

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)


class TestAQuarter:
    @pytest.mark.parametrize(
        ("quarter", "since", "until"),
        [
            ("2026-Q1", "2026-01-01", "2026-04-01"),
            ("2026-Q3", "2026-07-01", "2026-10-01"),
            ("2026-Q4", "2026-10-01", "2027-01-01"),
        ],
    )
    def test_reaches_from_its_first_day_to_the_next_ones(self, quarter, since, until):
        found = [one.date().isoformat() for one in quarters.span_of(quarter)]
        assert found == [since, until]

    @pytest.mark.parametrize("text", ["2026-Q5", "2026-Q0", "2026", "", "2026-Q1\n", "٢٠٢٦-Q1"])
    def test_is_nothing_else(self, text):
        with pytest.raises(ValueError, match="no quarter"):
            quarters.span_of(text)

    def test_follows_another_over_the_year(self):
        assert quarters.before("2027-Q1", 1) == "2026-Q4"
        assert quarters.before("2026-Q4", 7) == "2025-Q1"
        assert quarters.quarter_of(NOW) == "2026-Q4"


class TestReading:
    def test_a_states_auditor_reads_the_running_quarter_and_nobody_else_does(self):
        assert why_not_read("2026-Q4", auditor=True, now=NOW) is None
        assert why_not_read("2026-Q4", auditor=False, now=NOW) == "quarter-not-over"

    def test_everybody_else_waits_until_nothing_can_change_it(self):
        first = datetime(2027, 1, 1, 23, 59, tzinfo=UTC)
        assert why_not_read("2026-Q4", auditor=False, now=first) == "quarter-not-over"
        second = datetime(2027, 1, 2, tzinfo=UTC)
        assert why_not_read("2026-Q4", auditor=False, now=second) is None

    @pytest.mark.parametrize("quarter", ["2027-Q1", "2024-Q4"])
    def test_nobody_reads_what_is_to_come_or_long_past(self, quarter):
        assert why_not_read(quarter, auditor=True, now=NOW) == "quarter-unknown"
        assert why_not_read(quarter, auditor=False, now=NOW) == "quarter-unknown"
