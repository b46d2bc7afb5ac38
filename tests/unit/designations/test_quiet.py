"""What the clock says and does of somebody who does not sign in, whatever the history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casehub.designations.policies import QUIET_STEPS, is_unconfirmed, quiet_step

SINCE = datetime(2026, 1, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ORDER = [step.code for step in QUIET_STEPS]
DAYS = (46, 57, 60, 76, 87, 90)


def history(*visits: timedelta) -> list[tuple[str, datetime]]:
    """Return the steps that sweeps at these times after the last sign-in take, and when."""
    taken: dict[str, datetime] = {}
    for visit in sorted(visits):
        for _ in ORDER:
            now = SINCE + visit
            suspended = "suspended" in taken
            step = quiet_step(since=SINCE, taken=taken, suspended=suspended, now=now)
            if step is None:
                break
            assert step.code not in taken
            taken[step.code] = now
    return list(taken.items())


class TestTheStepsOfASilence:
    def test_come_at_46_57_60_76_87_and_90_days(self):
        daily = history(*(n * DAY for n in range(120)))
        assert [(code, (at - SINCE).days) for code, at in daily] == list(
            zip(ORDER, DAYS, strict=True)
        )

    def test_are_two_warnings_before_each_stop(self):
        assert ORDER == [
            "suspended-14",
            "suspended-3",
            "suspended",
            "removed-14",
            "removed-3",
            "removed",
        ]

    def test_are_not_due_a_second_too_early(self):
        assert history(46 * DAY - timedelta(seconds=1)) == []

    def test_begin_with_a_warning_however_late_the_first_look(self):
        assert [code for code, _ in history(400 * DAY)] == ["suspended-14"]

    def test_are_none_against_somebody_whom_a_person_has_suspended(self):
        assert quiet_step(since=SINCE, taken={}, suspended=True, now=SINCE + 400 * DAY) is None

    def test_end_when_somebody_was_let_in_again(self):
        taken = dict(history(*(n * DAY for n in range(61))))
        assert "suspended" in taken
        assert quiet_step(since=SINCE, taken=taken, suspended=False, now=SINCE + 99 * DAY) is None

    @given(st.lists(st.integers(0, 24 * 400).map(lambda hours: timedelta(hours=hours))))
    def test_are_said_once_in_their_order_and_never_without_their_warnings(self, visits):
        steps = history(*visits)
        assert [code for code, _ in steps] == ORDER[: len(steps)]
        when = dict(steps)
        for stop, limit in (("suspended", 60), ("removed", 90)):
            if stop in when:
                assert when[stop] - when[f"{stop}-14"] >= 14 * DAY
                assert when[stop] - when[f"{stop}-3"] >= 3 * DAY
                assert when[stop] >= SINCE + limit * DAY


class TestADirectoryThatNobodyConfirms:
    def test_holds_up_new_cases_thirty_days_after_the_date(self):
        assert not is_unconfirmed(due_at=SINCE, now=SINCE + 30 * DAY - timedelta(seconds=1))
        assert is_unconfirmed(due_at=SINCE, now=SINCE + 30 * DAY)

    def test_holds_up_nothing_where_no_date_was_ever_set(self):
        assert not is_unconfirmed(due_at=None, now=SINCE)
