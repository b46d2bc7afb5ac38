from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from casehub.accounts import services
from casehub.accounts.models import Factor, RecoveryCode, TotpDevice
from tests.integration.accounts import people
from tests.integration.accounts.authenticator import Passkey
from tests.integration.accounts.conftest import SEED, Browser


class TestRecoveryCodes:
    def make(self, browser) -> list[str]:
        return browser.post("/account/recovery-codes").json()["codes"]

    def test_are_ten_of_eighty_bits_and_logged(self, ana, browser, recorded):
        browser.sign_in(ana)
        with recorded("accounts.recovery-codes.made"):
            codes = self.make(browser)
        assert len(set(codes)) == 10
        assert all(len(code.replace("-", "")) * 5 == 80 for code in codes)

    def test_stand_in_for_the_code_once(self, ana, browser, recorded):
        code = self.make(browser.sign_in(ana))[0]
        second = Browser()
        second.password(ana)
        with recorded("accounts.sign-in.completed"):
            assert second.post("/sign-in/code", {"code": code.lower()}).json()["state"] == "full"
        third = Browser()
        third.password(ana)
        assert third.post("/sign-in/code", {"code": code}).json()["code"] == "wrong-code"
        assert browser.get("/account/factors").json()["recovery_codes_left"] == 9

    def test_are_void_when_new_ones_are_made(self, ana, browser):
        old = self.make(browser.sign_in(ana))[0]
        self.make(browser)
        second = Browser()
        second.password(ana)
        assert second.post("/sign-in/code", {"code": old}).json()["code"] == "wrong-code"

    def test_are_worth_nothing_for_somebody_else(self, ana, boris, browser):
        code = self.make(browser.sign_in(ana))[0]
        second = Browser()
        second.password(boris)
        assert second.post("/sign-in/code", {"code": code}).json()["code"] == "wrong-code"

    def test_are_hashed_at_rest(self, ana, browser):
        codes = self.make(browser.sign_in(ana))
        kept = {row.code_hash for row in RecoveryCode.objects.all()}
        assert len(kept) == 10
        assert not kept & set(codes)

    def test_need_a_fresh_proof(self, ana, browser, clock, recorded):
        browser.sign_in(ana)
        clock.shift(301)
        with recorded("core.proof.asked"):
            answer = browser.post("/account/recovery-codes")
        assert answer.json()["code"] == "step-up-needed"


class TestCodeGenerator:
    def test_has_its_seed_sealed_at_rest(self, ana):
        row = TotpDevice.objects.values().get()
        assert SEED.hex() not in row["key"]
        assert TotpDevice.objects.get().bin_key == SEED

    def test_does_not_open_in_another_account_s_row(self, ana, boris):
        device = TotpDevice.objects.get(user=ana.account)
        device.user = boris.account
        with pytest.raises(ValueError, match="no secret key"):
            _ = device.bin_key

    def test_follows_nobody_s_wrong_clock(self, ana, clock):
        for _ in range(4):
            browser = Browser()
            browser.password(ana)
            code = ana.code(later=1)
            assert browser.post("/sign-in/code", {"code": code}).status_code == 200
            clock.shift(60)
        browser.password(ana)
        assert browser.post("/sign-in/code", {"code": ana.code()}).status_code == 200

    def test_is_replaced_by_a_new_one(self, ana, now, recorded):
        with recorded("accounts.totp.added"):
            services.enrol_totp(account=ana.account, key=bytes(20), actor=None, now=now)
        assert TotpDevice.objects.get().bin_key == bytes(20)
        assert Factor.objects.filter(removed_at=None).count() == 1


class TestFactorPolicy:
    #  state  role           passkey totp   offered to a liaison of SV with both enrolled
    TABLE = [
        ("SV", "liaison", True, False, ["passkey"]),
        ("SV", "liaison", False, True, ["totp"]),
        ("SV", "liaison", True, True, ["passkey", "totp"]),
        ("MX", "liaison", True, False, ["passkey", "totp"]),
        ("SV", "coordinator", True, False, ["passkey", "totp"]),
    ]

    def allow(self, state, role, passkey, totp, now):
        services.set_factor_policy(
            state=state, role=role, passkey=passkey, totp=totp, actor=None, now=now
        )

    @pytest.mark.parametrize(("state", "role", "passkey", "totp", "offered"), TABLE)
    def test_holds_for_one_state_and_role(
        self, ana, browser, now, state, role, passkey, totp, offered
    ):
        ana.add_passkey(browser.sign_in(ana), Passkey())
        self.allow(state, role, passkey, totp, now)
        assert Browser().password(ana).json()["factors"] == offered

    def test_refuses_a_code_where_only_passkeys_count_and_does_not_use_it_up(
        self, ana, browser, now, recorded
    ):
        self.allow("SV", "liaison", True, False, now)
        browser.password(ana)
        with recorded("accounts.sign-in.refused"):
            answer = browser.post("/sign-in/code", {"code": ana.code()})
        assert (answer.status_code, answer.json()["code"]) == (403, "factor-not-allowed")
        self.allow("SV", "liaison", True, True, now)
        assert browser.post("/sign-in/code", {"code": ana.code()}).status_code == 200

    def test_refuses_recovery_codes_too_where_only_passkeys_count(self, ana, browser, now):
        code = browser.sign_in(ana).post("/account/recovery-codes").json()["codes"][0]
        self.allow("SV", "liaison", True, False, now)
        second = Browser()
        second.password(ana)
        assert second.post("/sign-in/code", {"code": code}).json()["code"] == "factor-not-allowed"

    def test_refuses_a_passkey_where_only_codes_count(self, ana, browser, now):
        passkey = Passkey()
        ana.add_passkey(browser.sign_in(ana), passkey)
        self.allow("SV", "liaison", False, True, now)
        second = Browser()
        options = second.post("/sign-in/passkey/begin").json()["options"]
        answer = second.post("/sign-in/passkey/finish", {"credential": passkey.sign(options)})
        assert answer.json()["code"] == "factor-not-allowed"

    def test_of_two_roles_counts_where_both_agree(self, someone, browser, now):
        eva = someone("eva.sv", "SV", "liaison", "coordinator")
        self.allow("SV", "coordinator", True, False, now)
        browser.password(eva)
        answer = browser.post("/sign-in/code", {"code": eva.code()})
        assert answer.json()["code"] == "factor-not-allowed"

    def test_must_allow_something(self, now):
        with pytest.raises(IntegrityError), transaction.atomic():
            self.allow("SV", "liaison", False, False, now)

    def test_is_logged(self, now, recorded):
        with recorded("accounts.factor-policy.set"):
            self.allow("SV", "liaison", True, False, now)


class TestOwnFactors:
    def test_are_listed_with_their_names(self, ana, browser):
        ana.add_passkey(browser.sign_in(ana), Passkey())
        body = browser.get("/account/factors").json()
        assert [row["name"] for row in body["passkeys"]] == ["Llave"]
        assert (body["totp"], body["recovery_codes_left"]) == (True, 0)

    def test_have_names_that_are_sealed_at_rest(self, ana, browser):
        ana.add_passkey(browser.sign_in(ana), Passkey())
        assert not any(b"Llave" in bytes(row.sealed_name) for row in Factor.objects.all())

    def test_are_not_somebody_else_s(self, ana, boris, browser):
        ana.add_passkey(browser.sign_in(ana), Passkey())
        assert Browser().sign_in(boris).get("/account/factors").json()["passkeys"] == []


def test_the_directory_is_asked_for_every_request(ana, browser):
    browser.sign_in(ana)
    account = str(ana.account.id)
    person, state, _ = people.behind[account]
    people.behind[account] = (person, state, frozenset({"secretariat"}))
    assert browser.get("/session").json()["person"]["roles"] == ["secretariat"]
