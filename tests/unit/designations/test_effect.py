"""A reason of those who verify has a code whose words say it to whoever drafts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casehub.core.errors import catalogue
from casehub.designations import policies

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
DAY = timedelta(days=1)


def code(why: str, *, urgent: bool = False, starts: timedelta = -DAY, until: timedelta = 90 * DAY):
    return policies.code_against(
        why, urgent=urgent, starts=NOW + starts, until=NOW + until, now=NOW
    )


class TestAReason:
    @pytest.mark.parametrize(
        ("why", "wanted"),
        [
            ("issued-early", "nomination-stale"),
            ("issued-late", "nomination-stale"),
            ("not-consulted", "consultation-missing"),
            ("person-revoked", "person-removed"),
            ("roles-incompatible", "roles-incompatible"),
            ("serial-known", "serial-known"),
            ("state-stopped", "state-stopped"),
            ("superseded", "renewal-of-earlier"),
        ],
    )
    def test_is_told_by_a_code_with_words(self, why, wanted):
        assert code(why) == wanted
        assert wanted in catalogue()

    @pytest.mark.parametrize(
        ("said", "wanted"),
        [
            ({"until": -DAY / 2}, "term-over"),
            ({"starts": DAY, "until": DAY}, "term-over"),
            ({"until": 366 * DAY}, "term-too-long"),
            ({"until": 7 * DAY, "urgent": True}, "term-too-long"),
            ({"until": 190 * DAY}, "first-term-too-long"),
        ],
    )
    def test_of_a_term_says_what_is_wrong_with_it(self, said, wanted):
        assert code("term", **said) == wanted

    @pytest.mark.parametrize("why", ["no-root", "person-of-another", "designation-unsigned"])
    def test_that_no_draft_can_mend_has_none(self, why):
        assert code(why) is None
