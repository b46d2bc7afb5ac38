"""Until when somebody has to act: kinds and moments, by their State's clocks; and the calendars."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client

from casehub.calendars import zones
from casehub.core.rates import buckets
from casehub.deadlines import queries
from casehub.digests.queries import counts_for
from casehub.directory import services as directory
from casehub.directory.models import Notice, Person


@pytest.fixture
def ask(region):
    def get(who, path):
        buckets.clear()
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = region.session(who)
        return client.get(f"/api/{path}")

    return get


@pytest.fixture
def told(region):
    """All States are told of something in GT, and have 72 hours to take note."""
    region.seat("GT")
    act = region.event(Notice)
    directory.give(kind=Notice.Kind.UNCONFIRMED, state="GT", act=act, now=region.now)


@pytest.mark.usefixtures("told")
class TestDeadlines:
    def test_are_kinds_and_moments_and_nothing_else(self, region, ask):
        boris = region.equipped("MX", "coordinator")
        found = ask(boris, "deadlines").json()
        assert found
        for one in found:
            told = {"kind", "ends", "state", "zone", "last", "left", "closed"}
            assert set(one) == told | {"request", "circle", "reminded"}
            assert (one["request"], one["circle"], one["reminded"]) == (None, None, None)
            assert (one["kind"], one["state"]) == ("notice", "MX")
            assert one["zone"] == "America/Mexico_City"

    def test_are_those_that_the_daily_e_mail_counts(self, region):
        boris = region.equipped("MX", "coordinator")
        listed = queries.deadlines_of(boris.actor, now=region.now)
        person = Person.objects.get(id=boris.person)
        assert counts_for(person, region.now).deadlines == len(listed) > 0

    def test_are_listed_as_over_until_it_is_done(self, region):
        boris = region.equipped("MX", "coordinator")
        (soon,) = queries.shapes_for(boris.actor, now=region.now)
        late = region.now + timedelta(days=4)
        (over,) = queries.shapes_for(boris.actor, now=late)
        assert (soon["left"], over["left"], over["ends"]) == (3, None, soon["ends"])
        directory.acknowledge_notice(
            notice=Notice.objects.get().id, actor=boris.actor, now=region.now
        )
        assert not queries.shapes_for(boris.actor, now=late)

    @pytest.mark.parametrize(
        ("app", "name", "kind"),
        [
            ("keeping", "hands_wanted", "keeping"),
            ("keeping", "deletions_before", "deletion"),
            ("custody", "wanting", "export"),
        ],
    )
    def test_are_what_waits_under_a_hold_or_is_deleted_too(
        self, region, monkeypatch, app, name, kind
    ):
        """The e-mail counted these, and the page that it leads to did not list them."""
        boris = region.equipped("MX", "coordinator")
        ends = region.now + timedelta(hours=60)
        monkeypatch.setattr(getattr(queries, app), name, lambda *_, **__: [ends])
        found = queries.shapes_for(boris.actor, now=region.now)
        assert [one["ends"] for one in found if one["kind"] == kind] == [ends]
        person = Person.objects.get(id=boris.person)
        assert counts_for(person, region.now).deadlines == len(found)

    def test_are_no_more_once_they_have_lapsed(self, region, monkeypatch):
        boris = region.equipped("MX", "coordinator")
        monkeypatch.setattr(queries.keeping, "deletions_before", lambda *_: [region.now])
        found = queries.shapes_for(boris.actor, now=region.now)
        assert {one["kind"] for one in found} == {"notice"}

    def test_are_left_out_where_those_of_requests_alone_are_asked_for(self, region, ask):
        boris = region.equipped("MX", "coordinator")
        assert ask(boris, "deadlines?of=requests").json() == []
        assert ask(boris, "deadlines?of=notices").json()["code"] == "bad-frame"

    def test_are_nobody_elses(self, region, ask):
        assert ask(region.person("", "secretariat"), "deadlines").json()["code"] == "not-allowed"


class TestCalendars:
    def test_are_those_of_all_states_at_once(self, region, ask):
        found = ask(region.equipped("SV"), "calendars").json()
        assert [one["state"] for one in found] == sorted(zones.STATES)
        mexico = next(one for one in found if one["state"] == "MX")
        assert mexico["zone"] == "America/Mexico_City"
        assert {"day": "2026-09-16", "name": "Día de la Independencia", "language": "es"} in mexico[
            "days"
        ]

    def test_reach_from_this_year_to_the_end_of_the_next(self, region):
        days = [one["day"] for one in queries.calendars(region.now)[0]["days"]]
        assert days[0] == date(2026, 1, 1)
        assert days[-1].year == 2027
