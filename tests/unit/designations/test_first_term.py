"""How long a liaison's first term is, and who stands in for somebody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casehub.designations import policies as p

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


class TestATerm:
    @pytest.mark.parametrize(
        ("days", "first", "why"),
        [
            (185, True, None),
            (186, True, "first-term-too-long"),
            (186, False, None),
            (367, True, "term-too-long"),
        ],
    )
    def test_lasts_half_a_year_at_most_if_it_is_the_first(self, days, first, why):
        until = NOW + days * DAY
        found = p.why_not_term(starts=NOW, until=until, urgent=False, first=first, now=NOW)
        assert found == why


class TestADeputy:
    @pytest.mark.parametrize(
        ("deputy", "known", "why"),
        [
            ("eva", True, None),
            ("eva", False, "deputy-unknown"),
            ("ana", True, "deputy-self"),
        ],
    )
    def test_is_somebody_else_in_force(self, deputy, known, why):
        assert p.why_not_deputy(person="ana", deputy=deputy, known=known) == why
