"""A filter comes back from where it was kept as it was."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from casehub.oversight.asking import Asked

DAYS = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
ASKED = st.builds(
    Asked,
    acts=st.lists(st.sampled_from(["cases", "core.act.refused"]), unique=True).map(
        lambda acts: tuple(sorted(acts))
    ),
    person=st.sampled_from(["", "P-7K3Q9XY0"]),
    office=st.sampled_from(["", "7d1c5f0e-0000-4000-8000-000000000001"]),
    case=st.sampled_from(["", "SV-2026-0147"]),
    since=DAYS,
    until=DAYS,
    outcome=st.sampled_from(["", "done", "refused"]),
)


class TestAFilter:
    @given(ASKED)
    def test_is_read_as_it_was_kept(self, asked):
        assert Asked.read(asked.kept()) == asked

    def test_that_is_open_keeps_nothing(self):
        assert Asked().kept() == {}
