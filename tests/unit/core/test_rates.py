"""Buckets with a clock of the test's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.core import rates
from casehub.core.errors import TooMany
from casehub.core.rates import RATES, Buckets, Rate, RefusalCounter, kibibytes


@pytest.fixture
def buckets(monkeypatch):
    monkeypatch.setitem(RATES, "test", Rate(burst=3, per_minute=60))
    return Buckets()


def taken(buckets, now, seconds, calls, caller="ana"):
    at = now + timedelta(seconds=seconds)
    return sum(buckets.take("test", caller, at) for _ in range(calls))


class TestBuckets:
    #  calls as (second, how many), and how many of each were allowed
    CALLS = [
        ([(0, 5)], [3]),
        ([(0, 3), (0, 1)], [3, 0]),
        ([(0, 5), (1, 5)], [3, 1]),
        ([(0, 5), (0.5, 1), (1, 1)], [3, 0, 1]),
        ([(0, 5), (3600, 5)], [3, 3]),
        ([(10, 3), (0, 1)], [3, 0]),  # a clock that steps back gives nothing
    ]

    @pytest.mark.parametrize(("calls", "expected"), CALLS)
    def test_table(self, buckets, now, calls, expected):
        assert [taken(buckets, now, second, many) for second, many in calls] == expected

    def test_counts_each_caller_apart(self, buckets, now):
        assert taken(buckets, now, 0, 9, "ana") == taken(buckets, now, 0, 9, "boris") == 3

    def test_takes_as_much_as_is_asked_for_or_nothing(self, buckets, now):
        room = RATES["kept"].burst
        assert buckets.take("kept", "a", now, amount=room - 1)
        assert not buckets.take("kept", "a", now, amount=2)
        assert buckets.take("kept", "a", now)
        assert not buckets.take("kept", "a", now)

    def test_forgets_the_least_recent_beyond_its_size(self, buckets, now, monkeypatch):
        monkeypatch.setattr(rates, "KEEP", 2)
        for caller in ("ana", "boris", "carla"):
            taken(buckets, now, 0, 3, caller)
        assert taken(buckets, now, 0, 1, "carla") == 0
        assert taken(buckets, now, 0, 1, "ana") == 1

    @given(st.lists(st.floats(0, 600), max_size=60))
    def test_never_allows_more_than_burst_and_rate(self, moments):
        start = datetime(2026, 11, 24, tzinfo=UTC)
        buckets = Buckets()
        allowed = sum(
            buckets.take("sign-in", "ana", start + timedelta(seconds=s)) for s in sorted(moments)
        )
        rate = RATES["sign-in"]
        assert allowed <= rate.burst + max(moments, default=0) * rate.per_minute / 60 + 1


class TestSpend:
    def test_refuses_and_counts_without_asking_the_database(self, now, monkeypatch):
        counter = RefusalCounter()
        monkeypatch.setattr(rates, "refusals", counter)
        monkeypatch.setattr(rates, "buckets", Buckets())
        monkeypatch.setitem(RATES, "test", Rate(burst=1, per_minute=0))
        rates.spend("test", "ana", now)
        for minutes in (0, 1, 2):  # earlier minutes wait to be written, yet only a flush may do it
            with pytest.raises(TooMany) as refused:
                rates.spend("test", "ana", now + timedelta(minutes=minutes))
            assert refused.value.params == {"kind": "test"}


@pytest.mark.parametrize(
    ("sizes", "expected"), [((0,), 0), ((1,), 1), ((1024,), 1), ((900, 900), 2)]
)
def test_kibibytes_are_those_that_were_begun(sizes, expected):
    assert kibibytes(*sizes) == expected
