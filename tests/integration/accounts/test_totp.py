from __future__ import annotations

import json
import re
from base64 import b32decode
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django_otp.oath import totp as compute

from audit.models import AuditEvent
from casehub.accounts import services
from casehub.accounts.models import Factor, TotpDevice, TotpOffer
from tests.integration.accounts.conftest import SEED, Browser


def begin(browser: Browser) -> dict[str, str]:
    answer = browser.post("/account/totp/begin")
    assert answer.status_code == 200, answer.content
    found: dict[str, str] = answer.json()
    return found


def code_of(secret: str, *, later: int = 0) -> str:
    return f"{compute(b32decode(secret), drift=later):06d}"


def finish(browser: Browser, code: str):
    return browser.post("/account/totp/finish", {"code": code})


def everything_kept() -> str:
    """Return all rows of all tables as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(repr([[_plain(v) for v in row] for row in cursor.fetchall()]))
    return "".join(found)


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


class TestOffer:
    def test_is_twenty_random_bytes_in_the_form_that_applications_read(self, ana, browser):
        browser.sign_in(ana)
        offer, other = begin(browser), begin(browser)
        assert len(b32decode(offer["secret"])) == 20
        assert offer["secret"] != other["secret"]
        uri = urlsplit(offer["uri"])
        assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/CaseHub:ana.sv")
        assert parse_qs(uri.query) == {
            "secret": [offer["secret"]],
            "issuer": ["CaseHub"],
            "algorithm": ["SHA1"],
            "digits": ["6"],
            "period": ["30"],
        }
        assert offer["expires_in"] == settings.TOTP_OFFER_SECONDS

    def test_opens_nothing_and_leaves_the_present_generator_as_it_is(self, ana, browser, clock):
        offer = begin(browser.sign_in(ana))
        clock.shift(30)
        second = Browser()
        second.password(ana)
        answer = second.post("/sign-in/code", {"code": code_of(offer["secret"])})
        assert answer.json()["code"] == "wrong-code"
        clock.shift(30)
        assert second.post("/sign-in/code", {"code": ana.code()}).json()["state"] == "full"

    def test_is_one_at_most(self, ana, browser):
        first = begin(browser.sign_in(ana))
        second = begin(browser)
        assert TotpOffer.objects.count() == 1
        assert finish(browser, code_of(first["secret"])).json()["code"] == "totp-code-differs"
        assert finish(browser, code_of(second["secret"])).status_code == 200

    def test_is_logged_without_its_secret_and_kept_sealed(self, ana, browser, recorded, caplog):
        browser.sign_in(ana)
        with recorded("accounts.totp.offered"):
            secret = begin(browser)["secret"]
        raw = b32decode(secret)
        kept = everything_kept()
        assert str(ana.account.id) in kept.replace("-", "") or str(ana.account.id) in kept
        for trace in (secret, raw.hex(), repr(raw)[2:-1]):
            assert trace not in kept
            assert trace not in caplog.text
        events = [bytes(e.payload) for e in AuditEvent.objects.all()]
        assert events
        assert not any(secret.encode() in payload for payload in events)

    def test_needs_a_fresh_proof(self, ana, browser, clock, recorded):
        browser.sign_in(ana)
        clock.shift(settings.STEP_UP_SECONDS + 1)
        with recorded("core.proof.asked"):
            answer = browser.post("/account/totp/begin")
        assert answer.json()["code"] == "step-up-needed"
        assert not TotpOffer.objects.exists()

    def test_is_refused_where_the_state_lets_no_codes_count(self, ana, browser, now):
        browser.sign_in(ana)
        services.set_factor_policy(
            state="SV", role="liaison", passkey=True, totp=False, actor=None, now=now
        )
        assert browser.post("/account/totp/begin").json()["code"] == "factor-not-allowed"
        assert browser.get("/account/factors").json()["totp_allowed"] is False

    def test_does_not_show_itself_in_a_trace(self):
        assert "SECRET" not in repr(services.Offer("SECRET", "otpauth://SECRET", 600))


class TestConfirming:
    def test_makes_it_the_generator_and_the_one_before_void(self, ana, browser, recorded, clock):
        secret = begin(browser.sign_in(ana))["secret"]
        with recorded("accounts.totp.added"):
            body = finish(browser, code_of(secret)).json()
        assert body["totp"] is True
        assert TotpDevice.objects.get().bin_key == b32decode(secret) != SEED
        assert Factor.objects.filter(kind="totp", removed_at=None).count() == 1
        assert Factor.objects.filter(kind="totp").count() == 2
        clock.shift(30)
        second = Browser()
        second.password(ana)
        assert second.post("/sign-in/code", {"code": ana.code()}).json()["code"] == "wrong-code"
        clock.shift(30)
        assert second.post("/sign-in/code", {"code": code_of(secret)}).json()["state"] == "full"

    def test_says_since_when_it_is_there(self, ana, browser, clock):
        before = browser.sign_in(ana).get("/account/factors").json()["totp_since"]
        clock.shift(60)
        secret = begin(browser)["secret"]
        assert finish(browser, code_of(secret)).json()["totp_since"] > before

    def test_uses_the_code_up(self, ana, browser):
        secret = begin(browser.sign_in(ana))["secret"]
        code = code_of(secret)
        finish(browser, code)
        second = Browser()
        second.password(ana)
        assert second.post("/sign-in/code", {"code": code}).json()["code"] == "wrong-code"

    def test_with_a_wrong_code_changes_nothing_and_may_be_tried_again(self, ana, browser, recorded):
        secret = begin(browser.sign_in(ana))["secret"]
        wrong = code_of(secret, later=20)
        with recorded("core.act.refused"):
            assert finish(browser, wrong).json()["code"] == "totp-code-differs"
        assert TotpDevice.objects.get().bin_key == SEED
        assert Factor.objects.filter(removed_at=None).count() == 1
        assert finish(browser, code_of(secret)).status_code == 200

    def test_without_an_offer_is_refused(self, ana, browser):
        browser.sign_in(ana)
        assert finish(browser, "000000").json()["code"] == "totp-offer-over"

    def test_twice_is_refused_the_second_time(self, ana, browser, clock):
        secret = begin(browser.sign_in(ana))["secret"]
        finish(browser, code_of(secret))
        clock.shift(30)
        assert finish(browser, code_of(secret)).json()["code"] == "totp-offer-over"

    @pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 409)])
    def test_is_possible_for_ten_minutes(self, ana, browser, clock, seconds, status):
        secret = begin(browser.sign_in(ana))["secret"]
        clock.shift(settings.TOTP_OFFER_SECONDS + seconds)
        assert finish(browser, code_of(secret)).status_code == status

    def test_is_for_the_session_that_was_shown_the_secret(self, ana, browser, clock):
        secret = begin(browser.sign_in(ana))["secret"]
        clock.shift(30)
        other = Browser().sign_in(ana)
        assert finish(other, code_of(secret)).json()["code"] == "totp-offer-over"

    @pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "AAAA-BBBB-CCCC-DDDD"])
    def test_takes_six_figures_only(self, ana, browser, code):
        begin(browser.sign_in(ana))
        assert finish(browser, code).json()["code"] == "bad-frame"

    def test_never_shows_the_secret_again(self, ana, browser):
        secret = begin(browser.sign_in(ana))["secret"]
        answers = [
            finish(browser, code_of(secret)),
            browser.get("/account/factors"),
            browser.get("/session"),
            browser.get("/account/sessions"),
        ]
        text = json.dumps([a.json() for a in answers])
        assert not re.search(secret, text)


def test_an_offer_nobody_confirmed_is_forgotten(ana, browser, clock, now):
    begin(browser.sign_in(ana))
    clock.shift(settings.TOTP_OFFER_SECONDS - 1)
    browser.post("/session/active")
    clock.shift(1)
    later = now.timestamp() + settings.TOTP_OFFER_SECONDS
    services.end_expired_sessions(now=now.fromtimestamp(later, tz=now.tzinfo))
    assert not TotpOffer.objects.exists()
