from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction

from casehub.accounts import queries, services, sockets
from casehub.accounts.models import Session, SignIn, SocketTicket, UnlockShare
from casehub.accounts.sessions import SessionStore
from casehub.core.errors import SignInNeeded
from casehub.core.frames import from_b64u
from tests.integration.accounts.conftest import Browser

IDLE, ABSOLUTE = 15 * 60, 12 * 3600


def age_without_idling(browser, clock, seconds):
    """Let time pass while the person does something every ten minutes."""
    while seconds > 0:
        clock.shift(min(600, seconds))
        seconds -= 600
        if seconds > 0:
            assert browser.post("/session/active").status_code == 200


#  what the page does by itself while nobody is there
UNATTENDED = [
    ("GET", "/account/factors"),
    ("GET", "/directory/people"),
    ("POST", "/socket-ticket"),
    ("POST", "/unlock-share", {"install": str(uuid.uuid4())}),
]


class TestIdleSession:
    @pytest.mark.parametrize(("seconds", "state"), [(IDLE - 1, "full"), (IDLE, "anonymous")])
    def test_ends_after_fifteen_minutes(self, ana, browser, clock, seconds, state):
        browser.sign_in(ana)
        clock.shift(seconds)
        assert browser.get("/session").json()["state"] == state

    def test_is_kept_by_a_hand_on_the_keyboard(self, ana, browser, clock):
        browser.sign_in(ana)
        clock.shift(IDLE - 60)
        body = browser.post("/session/active").json()
        assert body["idle_left"] == IDLE
        clock.shift(IDLE - 60)
        assert browser.get("/session").json()["state"] == "full"

    def test_is_kept_by_an_act_of_the_person(self, ana, browser, clock):
        browser.sign_in(ana)
        clock.shift(IDLE - 60)
        assert browser.post("/sign-in/code", {"code": ana.code()}).status_code == 200
        clock.shift(IDLE - 60)
        assert browser.get("/session").json()["state"] == "full"

    @pytest.mark.parametrize("call", UNATTENDED, ids=lambda call: call[1])
    def test_is_not_kept_by_what_the_page_does_by_itself(self, ana, browser, clock, call):
        browser.sign_in(ana)
        clock.shift(IDLE - 60)
        assert browser.send(*call).status_code < 500
        clock.shift(61)
        assert browser.get("/session").json()["state"] == "anonymous"

    def test_is_not_kept_by_asking_how_long_it_lasts(self, ana, browser, clock):
        browser.sign_in(ana)
        clock.shift(IDLE - 60)
        assert browser.get("/session").json()["idle_left"] == 60
        clock.shift(61)
        assert browser.get("/session").json()["state"] == "anonymous"

    def test_notes_activity_at_most_every_thirty_seconds(self, ana, browser, clock, now):
        browser.sign_in(ana)
        clock.shift(29)
        browser.post("/session/active")
        assert Session.objects.get().last_seen_at == now
        clock.shift(1)
        browser.post("/session/active")
        assert Session.objects.get().last_seen_at == now + timedelta(seconds=30)

    def test_ends_with_a_reason_in_the_log_once(self, ana, browser, clock, recorded):
        browser.sign_in(ana)
        clock.shift(IDLE)
        with recorded("accounts.session.ended"):
            browser.get("/session")
            browser.get("/session")
        assert SignIn.objects.get().end_reason == "idle"

    def test_takes_no_cookie_that_a_sign_in_may_have_brought_meanwhile(self, ana, browser, clock):
        browser.sign_in(ana)
        clock.shift(IDLE)
        late = browser.get("/session")
        assert late.json()["state"] == "anonymous"
        assert django_settings.SESSION_COOKIE_NAME not in late.cookies


class TestOldSession:
    @pytest.mark.parametrize(
        ("seconds", "state"), [(ABSOLUTE - 1, "full"), (ABSOLUTE, "anonymous")]
    )
    def test_ends_after_twelve_hours_whatever_happens(self, ana, browser, clock, seconds, state):
        browser.sign_in(ana)
        age_without_idling(browser, clock, seconds)
        assert browser.get("/session").json()["state"] == state

    def test_is_not_prolonged_by_a_fresh_proof(self, ana, browser, clock):
        browser.sign_in(ana)
        age_without_idling(browser, clock, ABSOLUTE - 60)
        assert browser.post("/sign-in/code", {"code": ana.code()}).status_code == 200
        clock.shift(60)
        assert browser.get("/session").json()["state"] == "anonymous"

    def test_says_when_it_ends(self, ana, browser, now):
        browser.sign_in(ana)
        body = browser.get("/session").json()
        assert body["ends_at"] == (now + timedelta(hours=12)).isoformat().replace("+00:00", "Z")
        assert body["idle_seconds"] == IDLE
        assert body["idle_left"] == IDLE


class TestSweep:
    def test_ends_what_no_browser_came_back_for_and_forgets_the_half_open(
        self, ana, boris, now, recorded
    ):
        Browser().sign_in(ana)
        Browser().password(boris)
        later = now + timedelta(seconds=IDLE)
        with recorded("accounts.session.ended"):
            assert services.end_expired_sessions(now=later) == 1
            assert services.end_expired_sessions(now=later) == 0
        assert [s.level for s in Session.objects.all()] == ["full"]
        services.end_expired_sessions(now=later + timedelta(days=1))
        assert not Session.objects.exists()
        assert SignIn.objects.get().end_reason == "idle"

    def test_leaves_living_sessions_alone(self, ana, now, recorded):
        Browser().sign_in(ana)
        with recorded():
            services.end_expired_sessions(now=now + timedelta(seconds=IDLE - 1))
        assert Session.objects.get().ended_at is None


class TestDeviceOfASession:
    def bound(self, ana, browser, now):
        browser.sign_in(ana)
        device = str(uuid.uuid4())
        services.bind_device(session=str(Session.objects.get().id), device=device)
        return device, queries.actor_of(queries.live_session(browser.cookie, now))

    def test_is_known_to_every_act_from_then_on(self, ana, browser, now):
        device, actor = self.bound(ana, browser, now)
        assert actor.device == device
        assert browser.get("/session").json()["device"] == device

    def test_takes_the_session_with_it_when_it_is_revoked(self, ana, browser, now, recorded):
        device, actor = self.bound(ana, browser, now)
        with recorded("accounts.session.ended"):
            assert services.end_device_sessions(device=device, actor=actor, now=now) == 1
        assert browser.get("/session").json()["state"] == "anonymous"


class TestSocketTicket:
    def issue(self, browser) -> str:
        body = browser.post("/socket-ticket").json()
        assert body["expires_in"] == 30
        return body["ticket"]

    def redeem(self, browser, ticket, now) -> bool:
        live = queries.live_session(browser.cookie, now)
        return services.redeem_ticket(ticket=ticket, session=live.id, now=now)

    def test_opens_one_socket(self, ana, browser, now):
        ticket = self.issue(browser.sign_in(ana))
        assert [self.redeem(browser, ticket, now) for _ in range(2)] == [True, False]

    @pytest.mark.parametrize(("seconds", "opens"), [(29, True), (30, False)])
    def test_lasts_thirty_seconds(self, ana, browser, now, seconds, opens):
        ticket = self.issue(browser.sign_in(ana))
        assert self.redeem(browser, ticket, now + timedelta(seconds=seconds)) is opens

    def test_is_worth_nothing_in_another_session(self, ana, boris, browser, now):
        ticket = self.issue(browser.sign_in(ana))
        assert not self.redeem(Browser().sign_in(boris), ticket, now)
        assert self.redeem(browser, ticket, now)

    def test_is_worth_nothing_after_sign_out(self, ana, browser, now):
        ticket = self.issue(browser.sign_in(ana))
        session = str(Session.objects.get().id)
        browser.post("/sign-out")
        assert not services.redeem_ticket(ticket=ticket, session=session, now=now)

    def test_is_hashed_at_rest(self, ana, browser):
        ticket = self.issue(browser.sign_in(ana))
        row = SocketTicket.objects.values().get()
        assert not any(ticket in str(value) for value in row.values())

    def test_leaves_no_event(self, ana, browser, recorded):
        browser.sign_in(ana)
        with recorded():
            self.issue(browser)

    def test_is_swept_when_it_is_over(self, ana, browser, now):
        self.issue(browser.sign_in(ana))
        services.end_expired_sessions(now=now + timedelta(seconds=30))
        assert not SocketTicket.objects.exists()


class TestSocketDoor:
    def scope(self, browser, *protocols: str) -> dict:
        cookie = f"casehub={browser.cookie}".encode()
        return {"headers": [(b"cookie", cookie)], "subprotocols": ["casehub.1", *protocols]}

    def test_opens_to_a_full_session_with_its_ticket(self, ana, browser, now):
        browser.sign_in(ana)
        ticket = browser.post("/socket-ticket").json()["ticket"]
        actor = sockets.admit(self.scope(browser, f"ticket.{ticket}"), now=now)
        assert actor.id == ana.person

    def test_stays_shut_without_a_ticket(self, ana, browser, now):
        browser.sign_in(ana)
        with pytest.raises(SignInNeeded):
            sockets.admit(self.scope(browser), now=now)

    def test_stays_shut_to_a_password_alone(self, ana, browser, now):
        browser.password(ana)
        row = Session.objects.get()
        SocketTicket.objects.create(
            ticket_hash="0" * 64, session=row, expires_at=now + timedelta(minutes=1)
        )
        with pytest.raises(SignInNeeded):
            sockets.admit(self.scope(browser, "ticket.whatever"), now=now)


class TestUnlockShare:
    INSTALL = "2f0c9f5e-93f7-4c35-9d8c-0d5a5e8a3c11"

    def share(self, browser) -> bytes:
        answer = browser.post("/unlock-share", {"install": self.INSTALL})
        return from_b64u(answer.json()["share"], most=32)

    def test_is_the_same_each_time_and_each_time_logged(self, ana, browser, recorded):
        browser.sign_in(ana)
        with recorded("accounts.unlock-share.given", "accounts.unlock-share.given"):
            first, second = self.share(browser), self.share(browser)
        assert first == second
        assert len(first) == 32

    def test_differs_between_accounts_on_one_browser(self, ana, boris):
        assert self.share(Browser().sign_in(ana)) != self.share(Browser().sign_in(boris))

    def test_is_sealed_at_rest(self, ana, browser):
        share = self.share(browser.sign_in(ana))
        assert share not in bytes(UnlockShare.objects.get().sealed)

    def test_does_not_open_under_another_secret_key(self, ana, browser, settings):
        self.share(browser.sign_in(ana))
        settings.SECRET_KEY = "another" * 10
        actor = queries.actor_of(
            queries.live_session(browser.cookie, Session.objects.get().last_seen_at)
        )
        with pytest.raises(ValueError, match="no secret key"):
            services.give_unlock_share(
                install=self.INSTALL, actor=actor, now=Session.objects.get().last_seen_at
            )

    def test_survives_the_rotation_of_the_secret_key(self, ana, browser, settings):
        share = self.share(browser.sign_in(ana))
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another" * 10
        seen = Session.objects.get().last_seen_at
        actor = queries.actor_of(queries.live_session(browser.cookie, seen))
        assert services.give_unlock_share(install=self.INSTALL, actor=actor, now=seen) == share


class TestTheRotationOfTheSecretKey:
    def test_signs_nobody_out_and_code_generators_go_on(self, ana, browser, clock, settings):
        browser.sign_in(ana)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another" * 10
        clock.shift(60)
        assert browser.get("/session").json()["state"] == "full"
        assert Browser().sign_in(ana).get("/session").json()["state"] == "full"


class TestSessionRow:
    @pytest.mark.parametrize("fields", [{"level": "full"}, {"level": "password"}])
    def test_cannot_be_above_anonymous_without_an_account(self, now, fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            Session.objects.create(key_hash="a", created_at=now, last_seen_at=now, **fields)


class TestSessionStore:
    def test_keeps_a_dictionary_for_django(self, db):
        store = SessionStore()
        store["a"] = 1
        store.save()
        again = SessionStore(store.session_key)
        assert again["a"] == 1
        old = again.session_key
        again.cycle_key()
        assert again.exists(again.session_key)
        assert not again.exists(old)
        assert SessionStore(again.session_key)["a"] == 1
        again.delete()
        assert not again.exists(again.session_key)
        assert SessionStore(again.session_key).load() == {}
