"""What auditors search by fits into numbers, and no two kinds of act share one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

import casehub.urls  # noqa: F401 - so that every kind of act is known
from audit import marks
from audit.events import type_registry

MAIN = datetime(2026, 11, 24, 15, tzinfo=UTC)


class TestMarks:
    def test_tell_every_two_kinds_apart(self):
        assert len({marks.of_kind(kind) for kind in type_registry}) == len(type_registry)

    def test_tell_every_two_states_apart(self):
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        found = {marks.of_state(a + b) for a in letters for b in letters}
        assert len(found) == len(letters) ** 2
        assert all(0 < one < 2**15 for one in found)

    def test_of_nothing_are_what_an_erasure_leaves(self):
        empty = (marks.of_kind(""), marks.of_id(""), marks.of_state(""))
        assert empty == (marks.NONE,) * 3

    def test_are_the_same_for_ever(self):
        assert marks.of_kind("cases.case.read") == -814359802
        assert marks.of_id("6f1c0e0a-93a4-4b8e-9d55-04f1f07a2b11") == -235324760616808684
        assert marks.of_state("MX") == 0x4D58

    @given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(timedelta(0), timedelta(days=400)))
    def test_of_stretches_grow_with_time(self, at, after):
        if at.year < 2500:
            assert marks.span_of(at) <= marks.span_of(at + after)

    def test_of_stretches_last_six_days_and_fit_for_centuries(self):
        assert marks.span_of(MAIN + timedelta(days=6, hours=2)) == marks.span_of(MAIN) + 1
        assert marks.span_of(MAIN.replace(year=2400)) < 2**15
