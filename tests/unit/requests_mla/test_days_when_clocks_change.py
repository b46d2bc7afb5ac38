"""The days of a request where clocks are put forward or back between its two States, on both."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casehub.calendars import terms, zones
from requests_mla import days
from requests_mla.states import Act, Stage

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LONG_BEFORE = datetime(2026, 1, 12, 15, tzinfo=UTC)
#  Sundays on which clocks change in Canada and in the United States, and how long they are
CHANGES = {"2026-03-08": 23, "2026-11-01": 25, "2027-03-14": 23, "2027-11-07": 25}
#  the last day, and the hour (UTC) at which it is over in each of these States
OVER = [
    ("2026-03-07", {"CA": 5, "US": 5, "MX": 6, "SV": 6, "PA": 5, "DO": 4}),
    ("2026-03-08", {"CA": 4, "US": 4, "MX": 6, "SV": 6, "PA": 5, "DO": 4}),
    ("2026-03-09", {"CA": 4, "US": 4, "MX": 6, "SV": 6, "PA": 5, "DO": 4}),
    ("2026-10-31", {"CA": 4, "US": 4, "MX": 6, "SV": 6, "PA": 5, "DO": 4}),
    ("2026-11-01", {"CA": 5, "US": 5, "MX": 6, "SV": 6, "PA": 5, "DO": 4}),
    ("2026-11-02", {"CA": 5, "US": 5, "MX": 6, "SV": 6, "PA": 5, "DO": 4}),
    ("2027-03-14", {"CA": 4, "US": 4, "MX": 6, "SV": 6, "PA": 5, "DO": 4}),
    ("2027-11-07", {"CA": 5, "US": 5, "MX": 6, "SV": 6, "PA": 5, "DO": 4}),
]
#  an act that names a day, where the request then stands, and whose clocks count
NAMED = {
    "request-answer": (Act.ASK_INFORMATION, Stage.INFORMATION_REQUESTED, "home"),
    "request-review": (Act.POSTPONE, Stage.POSTPONED, "abroad"),
    "request-execution": (Act.BEGIN, Stage.IN_EXECUTION, "abroad"),
    "request-deadline": (None, Stage.TRANSMITTED, "abroad"),
}
PAIRS = [("SV", "US"), ("US", "SV"), ("MX", "CA"), ("CA", "MX"), ("CA", "US"), ("DO", "PA")]


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def only_day(kind, home, abroad, last, since=LONG_BEFORE):
    """Return the one day of a request that is to be dealt with by `last`."""
    act, stage, _ = NAMED[kind]
    moves = ((act, last, since),) if act else ()
    wanted = "" if act else last
    (found,) = days.days_of(days.Told(stage, home, abroad, wanted, since, moves))
    assert found.what == kind
    return found


class TestADay:
    @pytest.mark.parametrize(("last", "over"), OVER)
    @pytest.mark.parametrize(("home", "abroad"), PAIRS)
    @pytest.mark.parametrize("kind", NAMED)
    def test_ends_at_midnight_of_whoever_is_to_act(self, kind, home, abroad, last, over):
        state = home if NAMED[kind][2] == "home" else abroad
        found = only_day(kind, home, abroad, last)
        assert found.state == state
        ends = datetime.combine(date.fromisoformat(last) + DAY, datetime.min.time(), UTC)
        assert found.ends == ends + timedelta(hours=over[state])

    @pytest.mark.parametrize("kind", NAMED)
    @pytest.mark.parametrize("pair", PAIRS)
    def test_is_left_till_its_last_moment_on_the_clocks_of_both(self, kind, pair):
        for last, _ in OVER:
            found = only_day(kind, *pair, last)
            zone = zones.zone_of(found.state)
            before = found.ends - MINUTE
            assert terms.days_left(found.ends, zone=zone, now=before) == 0
            assert terms.days_left(found.ends, zone=zone, now=found.ends) is None
            assert before.astimezone(zone).date().isoformat() == last
            # The other side reads that moment on its own clock: a day apart at the most.
            for other in pair:
                there = zones.day_of(before, zones.zone_of(other))
                assert abs(there - found.last) <= DAY

    @pytest.mark.parametrize(("sunday", "hours"), CHANGES.items())
    @pytest.mark.parametrize("state", ["CA", "US"])
    def test_on_which_clocks_change_is_left_for_all_its_hours(self, state, sunday, hours):
        found = only_day("request-review", "SV", state, sunday)
        zone = zones.zone_of(state)
        begins = found.ends - timedelta(hours=hours)
        assert terms.days_left(found.ends, zone=zone, now=begins) == 0
        assert terms.days_left(found.ends, zone=zone, now=begins - MINUTE) == 1

    def test_of_mexico_ends_by_the_capitals_clocks_whatever_those_at_its_border_say(self):
        """Tijuana and Ciudad Juárez change theirs with the neighbour, the capital does not."""
        read = {}
        for last in ("2026-03-07", "2026-03-08", "2026-10-31", "2026-11-01"):
            ends = only_day("request-execution", "US", "MX", last).ends
            border = (ZoneInfo("America/Tijuana"), ZoneInfo("America/Ciudad_Juarez"))
            read[last] = [ends.astimezone(zone).strftime("%d %H:%M") for zone in border]
        assert read == {
            "2026-03-07": ["07 22:00", "07 23:00"],
            "2026-03-08": ["08 23:00", "09 00:00"],
            "2026-10-31": ["31 23:00", "01 00:00"],
            "2026-11-01": ["01 22:00", "01 23:00"],
        }


class TestAConfirmation:
    @pytest.mark.parametrize(
        ("home", "sent", "last", "ends"),
        [
            ("US", "2026-03-08T04:59", "2026-03-08", "2026-03-09T04:00"),  # the 7th, 23:59 EST
            ("US", "2026-03-08T05:00", "2026-03-09", "2026-03-10T04:00"),
            ("US", "2026-03-09T03:59", "2026-03-09", "2026-03-10T04:00"),  # the 8th, 23:59 EDT
            ("CA", "2026-11-01T03:59", "2026-11-01", "2026-11-02T05:00"),  # the 31st, 23:59 EDT
            ("CA", "2026-11-01T05:30", "2026-11-02", "2026-11-03T05:00"),  # 01:30, and
            ("CA", "2026-11-01T06:30", "2026-11-02", "2026-11-03T05:00"),  # 01:30 once more
            ("CA", "2026-11-02T04:59", "2026-11-02", "2026-11-03T05:00"),  # the 1st, 23:59 EST
            ("SV", "2026-03-08T05:59", "2026-03-08", "2026-03-09T06:00"),
            ("MX", "2026-11-01T06:00", "2026-11-02", "2026-11-03T06:00"),
        ],
    )
    def test_is_due_the_day_after_that_of_sending_there(self, home, sent, last, ends):
        at = utc(sent)
        told = days.Told(Stage.TRANSMITTED, home, "PA", "", at, unconfirmed=at)
        (found,) = days.days_of(told)
        assert (found.last.isoformat(), found.state, found.ends) == (last, home, utc(ends))


class TestAReminder:
    @pytest.mark.parametrize(
        ("state", "last", "at", "due"),
        [
            # Three days before Wednesday 11 March is the Sunday of the change: so on Friday.
            ("US", "2026-03-11", "2026-03-06T04:59", 7),
            ("US", "2026-03-11", "2026-03-06T05:00", 3),
            ("US", "2026-03-11", "2026-03-10T03:59", 3),
            ("US", "2026-03-11", "2026-03-10T04:00", 1),
            ("US", "2026-03-11", "2026-03-12T03:59", 1),
            ("US", "2026-03-11", "2026-03-12T04:00", None),
            # The same days where no clock changes.
            ("MX", "2026-03-11", "2026-03-06T05:59", 7),
            ("MX", "2026-03-11", "2026-03-06T06:00", 3),
            ("MX", "2026-03-11", "2026-03-10T06:00", 1),
            # And Wednesday 4 November.
            ("CA", "2026-11-04", "2026-10-30T03:59", 7),
            ("CA", "2026-11-04", "2026-10-30T04:00", 3),
            ("CA", "2026-11-04", "2026-11-03T04:59", 3),
            ("CA", "2026-11-04", "2026-11-03T05:00", 1),
            ("CA", "2026-11-04", "2026-11-05T04:59", 1),
            ("CA", "2026-11-04", "2026-11-05T05:00", None),
        ],
    )
    def test_comes_with_its_day_there(self, state, last, at, due):
        assert days.reminder_due(only_day("request-review", "SV", state, last), utc(at)) == due

    @pytest.mark.parametrize("since", ["2026-03-09T03:59", "2026-03-09T04:00"])
    def test_of_what_became_known_that_night_comes_on_monday_there(self, since):
        found = only_day("request-review", "SV", "US", "2026-03-10", utc(since))
        assert days.reminder_due(found, utc("2026-03-09T03:59")) is None
        assert days.reminder_due(found, utc("2026-03-09T04:00")) == 1
