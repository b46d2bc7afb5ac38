"""How threads stand, asked for all at once by whoever comes back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casehub.cases import queries as cases
from casehub.core import rates
from casehub.directory.models import Person
from messaging import limits, queries


@pytest.fixture
def circles(region, ana, boris):
    """The circles of three cases of ana's, by id; there is a case that she is not in."""
    region.thread(boris, region.equipped("GT"))
    for _ in range(3):
        region.thread(ana, boris)
    return sorted(cases.readable(ana.actor).values_list("id", flat=True))


def test_are_what_each_is_by_itself(circles, ana):
    assert queries.states_for(ana.actor, after=None) == [
        {"thread": circle, **queries.state_for(ana.actor, circle)} for circle in circles
    ]


def test_come_in_pages_of_which_the_last_says_so(circles, ana, region, client, monkeypatch):
    monkeypatch.setattr(limits, "STATES_AT_ONCE", 4)
    client.cookies[settings.SESSION_COOKIE_NAME] = region.session(ana)
    first = client.get("/api/threads").json()
    second = client.get(f"/api/threads?after={circles[3]}").json()
    assert [one["thread"] for one in first["threads"]] == [str(one) for one in circles[:4]]
    assert [one["thread"] for one in second["threads"]] == [str(one) for one in circles[4:]]
    assert (first["more"], second["more"]) == (True, False)


def test_are_asked_for_at_a_rate_of_their_own(circles, ana, region, client, monkeypatch):
    monkeypatch.setitem(rates.RATES, "threads", rates.Rate(burst=2, per_minute=0))
    client.cookies[settings.SESSION_COOKIE_NAME] = region.session(ana)
    assert [client.get("/api/threads").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get(f"/api/threads/{circles[0]}").status_code == 200


def test_may_be_asked_for_by_a_page_that_comes_back_every_few_seconds(
    region, ana, client, clock, now
):
    client.cookies[settings.SESSION_COOKIE_NAME] = region.session(ana)
    assert {client.get("/api/threads").status_code for _ in range(60)} == {200}
    for seconds in (2, 4):
        assert client.get("/api/threads").json()["code"] == "too-many"
        clock.move_to(now + timedelta(seconds=seconds))
        assert client.get("/api/threads").status_code == 200


def test_cost_as_many_questions_for_all_as_for_one(circles, ana):
    with CaptureQueriesContext(connection) as every:
        queries.states_for(ana.actor, after=None)
    with CaptureQueriesContext(connection) as one:
        queries.states_for(ana.actor, after=circles[-2])
    assert len(every) == len(one)


def test_name_of_whoever_only_reads_any_more_the_device_with_a_leaf_there(region, ana, boris):
    leaves = {region.thread(ana, boris): boris.device}
    region.device(boris)
    leaves[region.thread(ana, boris)] = boris.device
    Person.objects.filter(id=boris.person).update(valid_until=region.now)
    found = {one["thread"]: one["entitled"] for one in queries.states_for(ana.actor, after=None)}
    for thread, device in leaves.items():
        (his,) = (one for one in found[thread] if one["person"] == UUID(boris.person))
        assert his["devices"] == [UUID(device)]
