from __future__ import annotations

import pytest
from axes.models import AccessAttempt

from casehub.accounts import queries, services, signing_in
from casehub.accounts.models import Account, Session, SignIn
from casehub.core.errors import Refused
from tests.integration.accounts import people
from tests.integration.accounts.conftest import PASSWORD, Browser

CLOSED_BELOW_FULL = [
    ("GET", "/account/factors"),
    ("POST", "/account/passkeys/begin"),
    ("POST", "/account/passkeys/finish"),
    ("DELETE", "/account/passkeys/6f1c2f0e-0b6e-4d57-8a52-4a7d1a1f6f6e"),
    ("POST", "/account/recovery-codes"),
    ("POST", "/socket-ticket"),
    ("POST", "/unlock-share"),
    ("POST", "/session/active"),
]


class TestPasswordAlone:
    @pytest.mark.parametrize(("method", "path"), CLOSED_BELOW_FULL)
    def test_opens_nothing(self, ana, browser, method, path):
        assert browser.password(ana).json()["state"] == "password"
        answer = browser.send(method, path, {} if method == "POST" else None)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-needed")

    def test_gives_a_session_without_an_actor(self, ana, browser, clock, now):
        browser.password(ana)
        live = queries.live_session(browser.cookie, now)
        assert live.level == "password"
        assert queries.actor_of(live) is None

    def test_says_which_factors_can_follow_and_nothing_of_the_person(self, ana, browser):
        body = browser.password(ana).json()
        assert (body["factors"], body["person"], body["device"]) == (["totp"], None, None)

    def test_leaves_no_sign_in_in_the_log(self, ana, browser, recorded):
        with recorded():
            browser.password(ana)

    @pytest.mark.parametrize("name", ["ana.sv", "nobody"])
    def test_is_refused_alike_for_a_known_and_an_unknown_name(self, ana, browser, recorded, name):
        with recorded("accounts.sign-in.refused"):
            answer = browser.post("/sign-in/password", {"account": name, "password": "wrong"})
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong-credentials")

    def test_is_refused_for_a_closed_account(self, ana, browser):
        Account.objects.update(is_active=False)
        assert browser.password(ana).json()["code"] == "wrong-credentials"

    def test_needs_the_csrf_token(self, ana, browser):
        browser.get("/session")
        answer = browser.client.post(
            "/api/sign-in/password",
            {"account": ana.username, "password": PASSWORD},
            content_type="application/json",
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")

    def test_refuses_an_unknown_field(self, browser):
        body = {"account": "a", "password": "b", "remember": True}
        assert browser.post("/sign-in/password", body).json()["code"] == "bad-frame"

    def test_waits_only_so_long_for_its_turn_to_hash(self, ana, browser, monkeypatch):
        monkeypatch.setattr(signing_in, "HASHING_WAIT", 0.01)
        for _ in range(signing_in.HASHERS):
            signing_in._hashing.acquire()
        try:
            answer = browser.password(ana)
        finally:
            for _ in range(signing_in.HASHERS):
                signing_in._hashing.release()
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")


class TestSecondStep:
    def test_opens_a_full_session_and_logs_it(self, ana, browser, recorded):
        browser.password(ana)
        with recorded("accounts.sign-in.completed"):
            body = browser.post("/sign-in/code", {"code": ana.code()}).json()
        assert body["state"] == "full"
        assert body["person"]["id"] == ana.person
        assert SignIn.objects.get().account_id == ana.account.id

    def test_needs_the_first(self, ana, browser):
        answer = browser.post("/sign-in/code", {"code": ana.code()})
        assert answer.json()["code"] == "sign-in-needed"

    def test_refuses_a_wrong_code_and_logs_it(self, ana, browser, recorded):
        browser.password(ana)
        wrong = f"{(int(ana.code()) + 1) % 10**6:06d}"
        with recorded("accounts.sign-in.refused"):
            answer = browser.post("/sign-in/code", {"code": wrong})
        assert answer.json()["code"] == "wrong-code"
        assert browser.get("/session").json()["state"] == "password"

    def test_slows_down_after_wrong_codes(self, ana, browser, clock):
        browser.password(ana)
        wrong = f"{(int(ana.code()) + 1) % 10**6:06d}"
        browser.post("/sign-in/code", {"code": wrong})
        answer = browser.post("/sign-in/code", {"code": ana.code()})
        assert (answer.status_code, answer.json()["code"]) == (429, "code-throttled")
        clock.shift(2)
        assert browser.post("/sign-in/code", {"code": ana.code()}).status_code == 200

    def test_refuses_a_code_that_was_used(self, ana, clock):
        Browser().sign_in(ana)
        second = Browser()
        second.password(ana)
        answer = second.post("/sign-in/code", {"code": ana.code()})
        assert answer.json()["code"] == "wrong-code"

    def test_refuses_an_account_without_a_person_in_force(self, ana, browser):
        browser.password(ana)
        people.behind.clear()
        answer = browser.post("/sign-in/code", {"code": ana.code()})
        assert answer.json()["code"] == "no-person"

    def test_in_a_full_session_counts_as_a_fresh_proof(self, ana, browser, clock, recorded):
        browser.sign_in(ana)
        clock.shift(301)
        assert browser.post("/account/recovery-codes").json()["code"] == "step-up-needed"
        before = browser.cookie
        with recorded("accounts.sign-in.renewed"):
            assert browser.post("/sign-in/code", {"code": ana.code()}).json()["state"] == "full"
        assert browser.cookie != before
        assert browser.post("/account/recovery-codes").status_code == 200


class TestSessionKey:
    def test_changes_at_every_step(self, ana, browser):
        keys = []
        browser.post("/sign-in/passkey/begin")
        keys.append(browser.cookie)
        browser.password(ana)
        keys.append(browser.cookie)
        browser.post("/sign-in/code", {"code": ana.code()})
        keys.append(browser.cookie)
        assert len(set(keys)) == 3
        for old in keys[:2]:
            stale = Browser()
            stale.client.cookies["casehub"] = old
            assert stale.get("/session").json()["state"] == "anonymous"

    def test_is_nowhere_in_the_database(self, ana, browser):
        browser.sign_in(ana)
        key = browser.cookie
        values = [str(v) for row in Session.objects.values() for v in row.values()]
        values += [str(v) for row in SignIn.objects.values() for v in row.values()]
        assert key
        assert not any(key in value for value in values)

    def test_has_a_cookie_that_scripts_and_other_sites_do_not_get(self, ana, browser):
        browser.sign_in(ana)
        cookie = browser.client.cookies["casehub"]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
        assert not cookie["max-age"]

    def test_planted_by_somebody_else_is_not_adopted(self, ana, browser):
        browser.client.cookies["casehub"] = "x" * 43
        browser.password(ana)
        assert browser.cookie != "x" * 43


class TestLockout:
    def lock(self, ana, network: str) -> Browser:
        browser = Browser(network=network)
        for _ in range(5):
            last = browser.password(ana, "wrong")
        assert last.json()["code"] == "wrong-credentials"
        return browser

    def test_comes_after_five_failures_even_for_the_right_password(self, ana):
        answer = self.lock(ana, "192.0.2.7").password(ana)
        assert (answer.status_code, answer.json()["code"]) == (429, "locked-out")

    def test_holds_for_the_whole_network(self, ana):
        self.lock(ana, "192.0.2.7")
        assert Browser(network="192.0.2.200").password(ana).json()["code"] == "locked-out"

    def test_leaves_another_network_alone(self, ana):
        self.lock(ana, "192.0.2.7")
        assert Browser(network="198.51.100.7").password(ana).status_code == 200

    def test_leaves_another_account_alone(self, ana, boris):
        self.lock(ana, "192.0.2.7")
        assert Browser(network="192.0.2.7").password(boris).status_code == 200

    def test_is_the_same_for_a_name_that_does_not_exist(self, ana, browser):
        body = {"account": "nobody", "password": "wrong"}
        codes = [browser.post("/sign-in/password", body).json()["code"] for _ in range(6)]
        assert codes == ["wrong-credentials"] * 5 + ["locked-out"]

    def test_ends_after_a_quarter_of_an_hour(self, ana, clock):
        browser = self.lock(ana, "192.0.2.7")
        clock.shift(15 * 60 + 1)
        assert browser.password(ana).status_code == 200

    def test_starts_counting_anew_after_a_right_password(self, ana, browser):
        for _ in range(3):
            for _ in range(4):
                browser.password(ana, "wrong")
            assert browser.password(ana).status_code == 200

    def test_keeps_neither_the_typed_name_nor_the_address(self, ana, browser):
        browser.post(
            "/sign-in/password", {"account": "my-secret-in-the-wrong-box", "password": "x"}
        )
        row = AccessAttempt.objects.values().get()
        assert row["ip_address"] == "192.0.2.0"
        assert not any("my-secret" in str(value) for value in row.values())


class TestSignOut:
    def test_ends_the_session_drops_the_cookie_and_logs_it(self, ana, browser, recorded):
        key = browser.sign_in(ana).cookie
        with recorded("accounts.session.ended"):
            body = browser.post("/sign-out").json()
        assert body["state"] == "anonymous"
        assert browser.cookie == ""
        stale = Browser()
        stale.client.cookies["casehub"] = key
        assert stale.get("/session").json()["state"] == "anonymous"

    def test_tells_the_account_s_sockets(
        self, ana, browser, monkeypatch, django_capture_on_commit_callbacks
    ):
        told = []

        class Layer:
            async def group_send(self, group, message):
                told.append((group, message))

        monkeypatch.setattr("casehub.core.doorbell.get_channel_layer", Layer)
        browser.sign_in(ana)
        session = str(SignIn.objects.get().session)
        with django_capture_on_commit_callbacks(execute=True):
            browser.post("/sign-out")
        group = f"account.{ana.account.id}"
        assert told == [(group, {"type": "session.ended", "session": session})]

    def test_of_a_half_open_session_is_silent(self, ana, browser, recorded):
        browser.password(ana)
        with recorded():
            assert browser.post("/sign-out").json()["state"] == "anonymous"

    def test_of_nobody_changes_nothing(self, browser, recorded):
        with recorded():
            assert browser.post("/sign-out").json()["state"] == "anonymous"


class TestSigningInAgain:
    def test_ends_the_session_before(self, ana, boris, browser, recorded):
        browser.sign_in(ana)
        with recorded("accounts.session.ended"):
            browser.password(boris)
        assert SignIn.objects.get().end_reason == "replaced"


class TestAccount:
    def test_needs_a_hash_to_be_opened(self, now):
        with pytest.raises(ValueError, match="hash"):
            services.open_account(
                username="x", state="SV", password_hash="plain", actor=None, now=now
            )


class TestPersonNoLongerInForce:
    def test_is_signed_out_from_the_next_request(self, ana, browser):
        browser.sign_in(ana)
        people.behind.clear()
        assert browser.get("/session").json()["state"] == "anonymous"
        assert browser.post("/socket-ticket").json()["code"] == "sign-in-needed"


def test_a_refused_second_factor_names_its_code():
    assert Refused("wrong-code").status == 403
