"""Names for a quarter: stable in it, unlinkable beyond it, different for each State."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from casehub.oversight import pseudonyms

KEY = pseudonyms.key_of(b"secret", "SV")
ANA = "6f1c0000-0000-4000-8000-000000000001"


class TestAQuarter:
    @pytest.mark.parametrize(
        ("at", "quarter"),
        [
            ("2026-01-01T00:00:00+00:00", "2026Q1"),
            ("2026-03-31T23:59:59+00:00", "2026Q1"),
            ("2026-03-31T18:00:00-06:00", "2026Q2"),
            ("2026-12-31T23:59:59+00:00", "2026Q4"),
        ],
    )
    def test_is_one_of_utc(self, at, quarter):
        assert pseudonyms.quarter_of(datetime.fromisoformat(at)) == quarter

    @pytest.mark.parametrize("quarter", ["2026Q1", "2026Q2", "2026Q3", "2026Q4"])
    def test_has_its_own_first_and_last_moment(self, quarter):
        first, after = pseudonyms.bounds(quarter)
        assert pseudonyms.quarter_of(first) == quarter
        assert pseudonyms.quarter_of(after - timedelta(microseconds=1)) == quarter
        assert pseudonyms.quarter_of(after) != quarter

    def test_is_counted_back_over_the_turn_of_the_year(self):
        now = datetime(2026, 2, 1, tzinfo=UTC)
        assert pseudonyms.back_from(now, 3) == ["2026Q1", "2025Q4", "2025Q3"]


class TestAPseudonym:
    def test_is_written_as_filters_take_it(self):
        name = pseudonyms.pseudonym(KEY, "2026Q4", ANA)
        assert re.fullmatch(pseudonyms.PATTERN, name)
        assert name == pseudonyms.pseudonym(KEY, "2026Q4", ANA)

    def test_is_another_one_in_each_quarter_for_each_state_and_person(self):
        other = pseudonyms.key_of(b"secret", "MX")
        names = {
            pseudonyms.pseudonym(key, quarter, who)
            for key in (KEY, other)
            for quarter in ("2026Q3", "2026Q4")
            for who in (ANA, ANA[:-1] + "2")
        }
        assert len(names) == 8

    def test_leads_back_to_its_person_and_quarter_only_with_the_key(self):
        people = [f"person-{n}" for n in range(50)]
        name = pseudonyms.pseudonym(KEY, "2026Q3", "person-7")
        quarters = ["2026Q4", "2026Q3"]
        found = pseudonyms.who_is(name, key=KEY, quarters=quarters, people=people)
        assert found == ("person-7", "2026Q3")
        other = pseudonyms.key_of(b"other", "SV")
        assert pseudonyms.who_is(name, key=other, quarters=quarters, people=people) is None
