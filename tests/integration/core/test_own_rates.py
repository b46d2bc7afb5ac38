"""Rates: whoever has a session of somebody's does not hold up that person's stop."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from casehub.core import rates
from casehub.core.http import CHUNKS, STOPS
from casehub.edge.limits import LARGE_DOORS, MIB

CROWD = 6


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    for kind in ("http", "stop"):
        monkeypatch.setitem(rates.RATES, kind, rates.Rate(burst=CROWD - 1, per_minute=0))


@pytest.fixture
def ana(region):
    return region.person("SV", "liaison")


@pytest.fixture
def browser(region, ana):
    """Return `browser()`: another session of ana's."""

    def another():
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = region.session(ana)
        return client

    return another


def read(client, times=1):
    return [client.get("/api/account/factors").status_code for _ in range(times)][-1]


def suspend(client, person):
    path = f"/api/people/{person.id}/suspend"
    return client.post(path, data={"reason": "misuse"}, content_type="application/json")


class TestWhoeverHasASessionOfMine:
    def test_does_not_hold_up_my_own_stop_by_reading(self, ana, browser):
        thief, own = browser(), browser()
        assert read(thief, CROWD) == 429
        assert suspend(own, ana).status_code == 200

    def test_does_not_hold_it_up_by_stops_either(self, ana, browser):
        thief, own = browser(), browser()
        bad = [
            thief.post(f"/api/people/{ana.id}/suspend", data="{", content_type="application/json")
            for _ in range(CROWD)
        ]
        assert bad[-1].status_code == 429
        assert suspend(own, ana).status_code == 200

    def test_leaves_me_the_pages_on_which_i_look_for_what_to_stop(self, browser):
        thief, own = browser(), browser()
        assert read(thief, CROWD) == 429
        assert read(own) == 200

    def test_does_not_hold_up_the_end_of_their_session(self, browser):
        thief, own = browser(), browser()
        read(thief, CROWD)
        ended = own.post(
            "/api/account/sessions/end-others", data={}, content_type="application/json"
        )
        assert ended.status_code == 200
        assert read(thief) == 401


class TestOnesOwnSession:
    def test_stops_after_it_has_read_too_much(self, ana, browser):
        own = browser()
        assert read(own, CROWD) == 429
        assert suspend(own, ana).status_code == 200

    def test_is_bounded_with_all_others_of_its_person_but_for_stops(
        self, ana, browser, monkeypatch
    ):
        monkeypatch.setitem(rates.RATES, "person", rates.Rate(burst=3, per_minute=0))
        one, two = browser(), browser()
        assert [read(one), read(two), read(one), read(two)] == [200, 200, 200, 429]
        assert suspend(two, ana).status_code == 200


def test_each_act_that_stops_access_or_ends_a_session_is_among_them():
    from casehub.core import roles  # noqa: PLC0415

    ends = {
        "accounts.session.ended",
        "directory.device.revoked",
        "directory.person.removed",
        "directory.person.suspended",
        "directory.state.stop-confirmed",
        "directory.state.stopped",
    }
    assert {act for act, row in roles.table().items() if row.event in ends} == STOPS


def test_each_door_of_a_piece_of_a_file_spends_the_rate_of_pieces():
    from casehub.core import roles  # noqa: PLC0415

    taking = [path for _, path, limit in LARGE_DOORS if limit == MIB + 16]
    paths = {act: row.door.partition(" ")[2] for act, row in roles.table().items()}
    asked = {
        act: re.sub(r"\{\w+\}", str(uuid4()), path.replace("{index}", "7")).encode()
        for act, path in paths.items()
    }
    pieces = {act for act, path in asked.items() if any(one.fullmatch(path) for one in taking)}
    assert pieces == CHUNKS
    assert len(pieces) == 2 * len(taking)  # each is put, and read
