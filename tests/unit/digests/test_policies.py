"""Whose e-mail is due when, on the clocks of their zone, and what may be set."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from casehub.digests import policies

YORK, BOGOTA, APIA = "America/New_York", "America/Bogota", "Pacific/Apia"
TUESDAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(now, *, often="daily", hour=8, zone=BOGOTA, looked_on=TUESDAY - DAY):
    return policies.day_due(often=often, hour=hour, zone=zone, looked_on=looked_on, now=now)


class TestADay:
    def test_is_due_from_its_hour_on_in_its_persons_zone(self):
        assert due(utc("2026-11-24T12:59:59")) is None
        assert due(utc("2026-11-24T13:00:00")) == TUESDAY
        assert due(utc("2026-11-25T04:59:59")) == TUESDAY

    def test_is_over_when_the_next_begins_there(self):
        assert due(utc("2026-11-25T05:00:00")) is None
        assert due(utc("2026-11-25T13:00:00")) == TUESDAY + DAY

    def test_that_was_looked_at_is_not_due_again(self):
        assert due(utc("2026-11-24T20:00:00"), looked_on=TUESDAY) is None

    def test_is_the_zones_own_where_it_is_tomorrow_already(self):
        assert due(utc("2026-11-24T19:00:00"), zone=APIA, looked_on=TUESDAY) == TUESDAY + DAY

    def test_is_never_due_to_whoever_wants_none(self):
        assert due(utc("2026-11-24T20:00:00"), often="never") is None

    @pytest.mark.parametrize(
        ("day", "wanted"), [(23, True), (27, True), (28, False), (29, False), (30, True)]
    )
    def test_of_the_week_is_monday_to_friday(self, day, wanted):
        at = utc(f"2026-11-{day}T20:00:00")
        found = due(at, often="weekdays", looked_on=TUESDAY - 9 * DAY)
        assert (found is not None) == wanted
        assert due(at, looked_on=TUESDAY - 9 * DAY) is not None


class TestTheClocks:
    """New York puts them forward at 2:00 on 14 March 2027, and back at 2:00 on 7 November."""

    def test_skip_an_hour_which_then_begins_with_the_next(self):
        spring = date(2027, 3, 14)
        assert policies.begins(day=spring, hour=2, zone=YORK) == utc("2027-03-14T07:00:00")
        assert policies.begins(day=spring, hour=3, zone=YORK) == utc("2027-03-14T07:00:00")

    def test_bring_an_hour_twice_of_which_the_first_counts(self):
        autumn = date(2027, 11, 7)
        first = utc("2027-11-07T05:00:00")
        assert policies.begins(day=autumn, hour=1, zone=YORK) == first
        assert due(first, hour=1, zone=YORK, looked_on=autumn - DAY) == autumn
        again = first + timedelta(hours=1)
        assert due(again, hour=1, zone=YORK, looked_on=autumn) is None

    @pytest.mark.parametrize(("month", "day"), [(3, 14), (11, 7)])
    @pytest.mark.parametrize("hour", range(24))
    def test_bring_each_hour_one_e_mail_on_the_day_they_change(self, month, day, hour):
        at, looked, sent = utc(f"2027-{month:02}-{day:02}T00:00:00"), date(2027, month, day - 1), []
        for minute in range(0, 30 * 60, 10):
            now = at + timedelta(minutes=minute)
            found = due(now, hour=hour, zone=YORK, looked_on=looked)
            if found == date(2027, month, day):
                sent, looked = [*sent, now], found
        assert len(sent) == 1


class TestAChange:
    """At 15:00 in Bogotá."""

    NOW = utc("2026-11-24T20:00:00")

    def after(self, hour, before=None, zone=BOGOTA):
        return policies.looked_after_change(hour=hour, zone=zone, before=before, now=self.NOW)

    def test_to_an_hour_that_is_over_begins_tomorrow(self):
        assert self.after(8) == TUESDAY

    def test_to_an_hour_to_come_begins_today(self):
        assert self.after(18) == TUESDAY - DAY

    def test_to_a_later_hour_sends_no_second_one_today(self):
        assert self.after(18, before=TUESDAY) == TUESDAY

    def test_to_a_zone_in_which_it_is_still_the_day_before_does_not_wait_for_two(self):
        assert self.after(18, before=TUESDAY + DAY) == TUESDAY


#  address, whether it is taken
ADDRESSES = [
    ("ana@fiscalia.example", True),
    ("ana.o'neil+casos@sub.fiscalia.gob.example", True),
    ("", False),
    ("ana", False),
    ("ana@fiscalia", False),
    ("ana@@fiscalia.example", False),
    (".ana@fiscalia.example", False),
    ("ana@-fiscalia.example", False),
    ("ana@fiscalía.example", False),
    ("ana@fiscalia.example\nBcc: otra@example.org", False),
    ("ana@fiscalia.example\n", False),
    ("ana@fiscalia.example,otra@example.org", False),
    ("Ana <ana@fiscalia.example>", False),
    ('"ana"@fiscalia.example', False),
    ("a" * 65 + "@fiscalia.example", False),
    ("ana@" + "a." * 130 + "example", False),
]


class TestASetting:
    @pytest.mark.parametrize(("address", "taken"), ADDRESSES)
    def test_names_one_address_that_mail_servers_take(self, address, taken):
        why = policies.why_not_set(often="daily", zone=BOGOTA, address=address)
        assert why == (None if taken else "digest-address-malformed")

    def test_needs_none_where_none_is_wanted(self):
        assert policies.why_not_set(often="never", zone=BOGOTA, address="") is None

    @pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "A" * 40])
    def test_names_a_zone_that_there_is(self, zone):
        why = policies.why_not_set(often="daily", zone=zone, address="ana@fiscalia.example")
        assert why == "digest-zone-unknown"
