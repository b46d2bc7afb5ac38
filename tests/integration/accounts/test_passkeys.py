from __future__ import annotations

import pytest
from django_otp_webauthn.models import WebAuthnCredential

from casehub.accounts.models import Account, Factor, TotpDevice
from casehub.core.frames import to_b64u
from tests.integration.accounts.authenticator import Passkey
from tests.integration.accounts.conftest import Browser


def begin(browser) -> dict:
    return browser.post("/sign-in/passkey/begin").json()["options"]


def finish(browser, answer: dict):
    return browser.post("/sign-in/passkey/finish", {"credential": answer})


@pytest.fixture
def key(ana):
    """Ana's passkey."""
    passkey = Passkey()
    assert ana.add_passkey(Browser().sign_in(ana), passkey).status_code == 200
    return passkey


class TestMakingAPasskey:
    def begin(self, browser) -> dict:
        return browser.post("/account/passkeys/begin").json()["options"]

    def finish(self, browser, answer: dict):
        body = {"name": "Llave", "credential": answer}
        return browser.post("/account/passkeys/finish", body)

    def test_asks_for_user_verification_and_a_discoverable_credential(self, ana, browser):
        wish = self.begin(browser.sign_in(ana))["authenticatorSelection"]
        assert wish["userVerification"] == "required"
        assert wish["residentKey"] == "required"

    def test_keeps_it_and_logs_it(self, ana, browser, recorded):
        options = self.begin(browser.sign_in(ana))
        with recorded("accounts.passkey.added"):
            body = self.finish(browser, Passkey().make(options)).json()
        assert [row["name"] for row in body["passkeys"]] == ["Llave"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"origin": "http://localhost:9999"},
            {"origin": "https://evil.example"},
            {"rp_id": "evil.example"},
            {"verifies_user": False},
        ],
    )
    def test_refuses_what_was_made_elsewhere_or_without_the_user(
        self, ana, browser, recorded, wrong
    ):
        options = self.begin(browser.sign_in(ana))
        with recorded("core.act.refused"):
            answer = self.finish(browser, Passkey(**wrong).make(options))
        assert (answer.status_code, answer.json()["code"]) == (403, "passkey-refused")
        assert not WebAuthnCredential.objects.exists()

    def test_uses_a_challenge_once_even_when_it_fails(self, ana, browser):
        options = self.begin(browser.sign_in(ana))
        assert self.finish(browser, Passkey(verifies_user=False).make(options)).status_code == 403
        assert self.finish(browser, Passkey().make(options)).status_code == 403

    def test_refuses_a_challenge_after_five_minutes(self, ana, browser, clock):
        options = self.begin(browser.sign_in(ana))
        clock.shift(299)
        browser.post(
            "/sign-in/code", {"code": ana.code()}
        )  # the proof is fresh, the challenge gone
        clock.shift(1)
        assert self.finish(browser, Passkey().make(options)).json()["code"] == "passkey-refused"

    def test_refuses_the_challenge_of_a_sign_in(self, ana, browser):
        browser.sign_in(ana)
        options = self.begin(browser)
        options["challenge"] = begin(browser)["challenge"]
        assert self.finish(browser, Passkey().make(options)).json()["code"] == "passkey-refused"

    def test_needs_a_fresh_proof(self, ana, browser, clock, recorded):
        browser.sign_in(ana)
        clock.shift(301)
        with recorded("core.proof.asked"):
            answer = browser.post("/account/passkeys/begin")
        assert answer.json()["code"] == "step-up-needed"

    def test_refuses_a_credential_that_is_registered_already(self, ana, boris, key):
        browser = Browser().sign_in(boris)
        answer = self.finish(browser, key.make(self.begin(browser)))
        assert answer.json()["code"] == "passkey-refused"
        assert WebAuthnCredential.objects.get().user == ana.account

    def test_stops_at_ten(self, ana, browser):
        browser.sign_in(ana)
        for _ in range(10):
            assert ana.add_passkey(browser, Passkey()).status_code == 200
        assert ana.add_passkey(browser, Passkey()).json()["code"] == "too-many-passkeys"

    @pytest.mark.parametrize("junk", [{}, {"rawId": 7}, {"rawId": "AA", "response": {}}])
    def test_refuses_junk(self, ana, browser, junk):
        self.begin(browser.sign_in(ana))
        assert self.finish(browser, junk).json()["code"] == "passkey-refused"


class TestUsingAPasskey:
    def test_needs_no_password(self, ana, key, browser, recorded):
        options = begin(browser)
        assert options["userVerification"] == "required"
        assert not options.get("allowCredentials")
        with recorded("accounts.sign-in.completed"):
            body = finish(browser, key.sign(options)).json()
        assert (body["state"], body["person"]["id"]) == ("full", ana.person)

    def test_serves_as_the_second_step(self, ana, key, browser):
        assert browser.password(ana).json()["factors"] == ["passkey", "totp"]
        options = begin(browser)
        assert [c["id"] for c in options["allowCredentials"]] == [to_b64u(key.credential_id)]
        assert finish(browser, key.sign(options)).json()["state"] == "full"

    def test_changes_the_session_key(self, key, browser):
        options = begin(browser)
        before = browser.cookie
        finish(browser, key.sign(options))
        assert browser.cookie != before

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("origin", "http://localhost:9999"),
            ("origin", "http://127.0.0.1:8000.evil.example"),
            ("rp_id", "evil.example"),
            ("verifies_user", False),
            ("user_handle", b"somebody else"),
            ("counter", -1),
        ],
    )
    def test_is_refused_when_anything_is_wrong(self, key, browser, recorded, field, value):
        if field == "counter":
            finish(Browser(), key.sign(begin(other := Browser())))
            key.counter = 5
            assert finish(other, key.sign(begin(other))).status_code == 200
            value = 5 + value  # a clone that is behind
        setattr(key, field, value)
        options = begin(browser)
        with recorded("accounts.sign-in.refused"):
            answer = finish(browser, key.sign(options))
        assert (answer.status_code, answer.json()["code"]) == (403, "passkey-refused")
        assert browser.get("/session").json()["state"] == "anonymous"

    def test_is_refused_with_a_forged_signature(self, key, browser):
        forger = Passkey(credential_id=key.credential_id, user_handle=key.user_handle)
        answer = finish(browser, forger.sign(begin(browser)))
        assert answer.json()["code"] == "passkey-refused"

    def test_is_refused_for_a_challenge_that_was_used(self, key, browser):
        options = begin(browser)
        answer = key.sign(options)
        assert finish(browser, answer).status_code == 200
        assert finish(browser, answer).json()["code"] == "passkey-refused"

    def test_is_refused_for_another_browser_s_challenge(self, key, browser):
        options = begin(browser)
        stranger = Browser()
        begin(stranger)
        assert finish(stranger, key.sign(options)).json()["code"] == "passkey-refused"

    def test_is_refused_without_a_challenge(self, key, browser):
        options = begin(browser)
        assert finish(Browser(), key.sign(options)).json()["code"] == "sign-in-needed"

    def test_is_refused_after_five_minutes(self, key, browser, clock):
        options = begin(browser)
        clock.shift(300)
        assert finish(browser, key.sign(options)).json()["code"] == "passkey-refused"

    def test_is_refused_after_somebody_else_s_password(self, boris, key, browser):
        browser.password(boris)
        answer = finish(browser, key.sign(begin(browser)))
        assert answer.json()["code"] == "passkey-refused"
        assert browser.get("/session").json()["state"] == "password"

    def test_is_refused_for_a_closed_account(self, key, browser):
        Account.objects.update(is_active=False)
        assert finish(browser, key.sign(begin(browser))).json()["code"] == "passkey-refused"

    def test_works_while_the_password_is_locked_out(self, ana, key, browser):
        for _ in range(6):
            last = browser.password(ana, "wrong")
        assert last.json()["code"] == "locked-out"
        assert finish(browser, key.sign(begin(browser))).json()["state"] == "full"

    def test_in_a_full_session_counts_as_a_fresh_proof(self, key, browser, clock, recorded):
        finish(browser, key.sign(begin(browser)))
        clock.shift(301)
        with recorded("accounts.sign-in.renewed"):
            finish(browser, key.sign(begin(browser)))
        assert browser.post("/account/recovery-codes").status_code == 200

    @pytest.mark.parametrize("junk", [{}, {"rawId": "AA"}, {"rawId": "AA", "response": None}])
    def test_is_refused_when_it_is_junk(self, key, browser, junk):
        begin(browser)
        assert finish(browser, junk).json()["code"] == "passkey-refused"


class TestRemovingAPasskey:
    def remove(self, browser):
        rows = browser.get("/account/factors").json()["passkeys"]
        return browser.send("DELETE", f"/account/passkeys/{rows[0]['id']}")

    def test_makes_it_useless_and_logs_it(self, ana, key, browser, clock, recorded):
        clock.shift(30)
        browser.sign_in(ana)
        with recorded("accounts.passkey.removed"):
            assert self.remove(browser).json()["passkeys"] == []
        second = Browser()
        assert finish(second, key.sign(begin(second))).json()["code"] == "passkey-refused"

    def test_is_refused_to_anybody_else(self, ana, boris, key, browser, clock):
        clock.shift(30)
        rows = browser.sign_in(ana).get("/account/factors").json()["passkeys"]
        answer = Browser().sign_in(boris).send("DELETE", f"/account/passkeys/{rows[0]['id']}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")

    def test_is_refused_for_the_last_factor(self, ana, key, browser, recorded):
        finish(browser, key.sign(begin(browser)))
        TotpDevice.objects.all().delete()
        Factor.objects.filter(kind="totp").delete()
        with recorded("core.act.refused"):
            assert self.remove(browser).json()["code"] == "last-factor"

    def test_needs_a_fresh_proof(self, ana, key, browser, clock):
        finish(browser, key.sign(begin(browser)))
        clock.shift(301)
        assert self.remove(browser).json()["code"] == "step-up-needed"
