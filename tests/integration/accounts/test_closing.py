from __future__ import annotations

import uuid

import pytest
from django.conf import settings
from django_otp_webauthn.models import WebAuthnCredential

from casehub.accounts.models import (
    Account,
    Factor,
    RecoveryCode,
    SignIn,
    TotpDevice,
    TotpOffer,
    UnlockShare,
)
from tests.integration.accounts.authenticator import Passkey
from tests.integration.accounts.conftest import Browser

INSTALL = str(uuid.uuid4())


@pytest.fixture
def furnished(ana, browser):
    """Ana's browser, and an account with everything that can open it."""
    browser.sign_in(ana)
    ana.add_passkey(browser, Passkey())
    browser.codes = browser.post("/account/recovery-codes").json()["codes"]
    browser.post("/account/totp/begin")
    browser.post("/unlock-share", {"install": INSTALL})
    return browser


def close(browser: Browser):
    return browser.post("/account/close")


class TestClosingOnesOwnAccount:
    def test_ends_every_session_and_says_so_in_the_log(self, ana, browser, clock, recorded):
        browser.sign_in(ana)
        clock.shift(30)
        other = Browser().sign_in(ana)
        ended = ["accounts.session.ended"] * 2
        with recorded(*ended, "accounts.account.closed"):
            answer = close(browser)
        assert answer.json()["state"] == "anonymous"
        assert browser.cookie == ""
        assert other.get("/session").json()["state"] == "anonymous"
        assert set(SignIn.objects.values_list("end_reason", flat=True)) == {"closed"}

    def test_leaves_nothing_that_opened_it(self, ana, furnished):
        close(furnished)
        for kept in (TotpDevice, TotpOffer, WebAuthnCredential, RecoveryCode, UnlockShare):
            assert not kept.objects.exists(), kept
        assert not Factor.objects.filter(removed_at=None).exists()
        account = Account.objects.get(id=ana.account.id)
        assert not account.is_active
        assert not account.has_usable_password()

    def test_lets_nobody_in_with_the_old_password_as_if_it_were_wrong(self, ana, furnished):
        close(furnished)
        closed, wrong = Browser().password(ana), Browser().password(ana, "wrong")
        assert (closed.status_code, closed.content) == (wrong.status_code, wrong.content)
        assert closed.json()["code"] == "wrong-credentials"

    def test_lets_nobody_in_with_the_old_passkey(self, ana, browser):
        passkey = Passkey()
        ana.add_passkey(browser.sign_in(ana), passkey)
        close(browser)
        stranger = Browser()
        options = stranger.post("/sign-in/passkey/begin").json()["options"]
        answer = stranger.post("/sign-in/passkey/finish", {"credential": passkey.sign(options)})
        assert answer.json()["code"] == "passkey-refused"

    def test_ends_half_open_sessions_too(self, ana, browser):
        browser.sign_in(ana)
        half = Browser()
        half.password(ana)
        close(browser)
        assert half.get("/session").json()["state"] == "anonymous"

    def test_needs_a_fresh_proof(self, ana, browser, clock, recorded):
        browser.sign_in(ana)
        clock.shift(settings.STEP_UP_SECONDS + 1)
        with recorded("core.proof.asked"):
            assert close(browser).json()["code"] == "step-up-needed"
        assert browser.get("/session").json()["state"] == "full"
        browser.post("/sign-in/code", {"code": ana.code()})
        assert close(browser).status_code == 200

    def test_leaves_everybody_else_alone(self, ana, boris, browser):
        theirs = Browser().sign_in(boris)
        close(browser.sign_in(ana))
        assert theirs.get("/session").json()["state"] == "full"
        assert TotpDevice.objects.get().user_id == boris.account.id

    def test_cannot_be_done_twice(self, ana, browser):
        close(browser.sign_in(ana))
        assert close(browser).json()["code"] == "sign-in-needed"
