from __future__ import annotations

import uuid

import pytest
from django.conf import settings

from casehub.accounts import services
from casehub.accounts.models import Session, SignIn
from tests.integration.accounts.conftest import Browser


def row_of(browser: Browser) -> Session:
    """Return the session row of a browser; the cookie is the only way to it."""
    mine = next(row for row in browser.get("/account/sessions").json() if row["this"])
    return Session.objects.get(id=mine["id"])


@pytest.fixture
def office(ana, clock):
    """Ana's browser at the office, signed in a minute before the one at home."""
    browser = Browser("192.0.2.7").sign_in(ana)
    clock.shift(60)
    return browser


@pytest.fixture
def home(ana, office):
    return Browser("198.51.100.9").sign_in(ana)


class TestListOfOwnSessions:
    def test_says_when_each_began_was_last_used_and_how_it_was_opened(self, office, home, now):
        device = uuid.uuid4()
        services.bind_device(session=str(row_of(office).id), device=str(device))
        rows = home.get("/account/sessions").json()
        assert [row["this"] for row in rows] == [True, False]  # the one used last comes first
        other = rows[1]
        assert other == {
            "id": str(row_of(office).id),
            "this": False,
            "method": "totp",
            "device": str(device),
            "started_at": now.isoformat().replace("+00:00", "Z"),
            "last_seen_at": now.isoformat().replace("+00:00", "Z"),
        }

    def test_names_sessions_by_what_opens_none(self, office, home):
        listed = [row["id"] for row in home.get("/account/sessions").json()]
        hashes = set(Session.objects.values_list("key_hash", flat=True))
        text = home.get("/account/sessions").content.decode()
        assert not any(secret in text for secret in (*hashes, office.cookie, home.cookie))
        for id_ in listed:
            thief = Browser()
            thief.client.cookies[settings.SESSION_COOKIE_NAME] = id_
            assert thief.get("/session").json()["state"] == "anonymous"

    def test_leaves_out_what_is_over_or_half_open_or_somebody_else_s(
        self, ana, boris, office, home, clock
    ):
        Browser().password(ana)
        Browser().sign_in(boris)
        office.post("/sign-out")
        assert [row["this"] for row in home.get("/account/sessions").json()] == [True]

    def test_leaves_out_what_has_run_out_before_it_is_swept(self, office, home, clock):
        clock.shift(settings.IDLE_SECONDS - 60)
        assert [row["this"] for row in home.get("/account/sessions").json()] == [True]

    def test_leaves_no_event_and_keeps_nothing_awake(self, home, clock, recorded):
        with recorded():
            home.get("/account/sessions")
        clock.shift(settings.IDLE_SECONDS - 1)
        home.get("/account/sessions")
        clock.shift(1)
        assert home.get("/session").json()["state"] == "anonymous"


class TestEndingOneSession:
    def end(self, browser, id_):
        return browser.send("DELETE", f"/account/sessions/{id_}")

    def test_ends_it_at_once_and_says_so_in_the_log(self, office, home, recorded):
        target = row_of(office)
        with recorded("accounts.session.ended"):
            answer = self.end(home, target.id)
        assert [row["this"] for row in answer.json()] == [True]
        assert office.get("/session").json()["state"] == "anonymous"
        assert SignIn.objects.get(session=target.id).end_reason == "ended-elsewhere"
        assert home.get("/session").json()["state"] == "full"

    def test_tells_its_sockets(
        self, ana, office, home, monkeypatch, django_capture_on_commit_callbacks
    ):
        told = []

        class Layer:
            async def group_send(self, group, message):
                told.append((group, message))

        target = str(row_of(office).id)
        monkeypatch.setattr("casehub.core.doorbell.get_channel_layer", Layer)
        with django_capture_on_commit_callbacks(execute=True):
            self.end(home, target)
        assert told == [(f"account.{ana.account.id}", {"type": "session.ended", "session": target})]

    def test_twice_is_done_once(self, office, home, recorded):
        target = row_of(office).id
        with recorded("accounts.session.ended"):
            assert self.end(home, target).status_code == 200
            assert self.end(home, target).status_code == 200

    def test_of_somebody_else_is_as_if_there_were_none(self, boris, office, home, recorded):
        theirs = Browser().sign_in(boris)
        target = row_of(theirs).id
        with recorded("core.act.refused", "core.act.refused"):
            foreign, nothing = self.end(home, target), self.end(home, uuid.uuid4())
        assert (foreign.status_code, foreign.content) == (404, nothing.content)
        assert theirs.get("/session").json()["state"] == "full"

    def test_asks_for_no_fresh_proof(self, office, home, clock):
        target = row_of(office).id
        clock.shift(settings.STEP_UP_SECONDS + 1)
        assert self.end(home, target).status_code == 200


class TestEndingAllOthers:
    def end(self, browser):
        return browser.post("/account/sessions/end-others")

    def test_leaves_this_one_alone(self, ana, boris, office, home, recorded, clock):
        clock.shift(30)
        third, theirs = Browser().sign_in(ana), Browser().sign_in(boris)
        with recorded("accounts.session.ended", "accounts.session.ended"):
            answer = self.end(home)
        assert [row["this"] for row in answer.json()] == [True]
        states = [b.get("/session").json()["state"] for b in (office, home, third, theirs)]
        assert states == ["anonymous", "full", "anonymous", "full"]

    def test_ends_what_has_shown_a_password_only_too(self, ana, browser, recorded):
        browser.sign_in(ana)
        half = Browser()
        half.password(ana)
        with recorded():
            self.end(browser)
        assert half.get("/session").json()["state"] == "anonymous"

    def test_is_silent_when_there_are_none(self, ana, browser, recorded):
        browser.sign_in(ana)
        with recorded():
            assert self.end(browser).status_code == 200
