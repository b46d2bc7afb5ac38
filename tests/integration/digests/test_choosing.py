"""Choosing the daily e-mail: for oneself, after a fresh proof, with the address sealed."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.conf import settings as configured
from django.test import Client

from audit import queries as log
from casehub.core.errors import Refused
from casehub.digests import queries
from casehub.digests.models import Digest
from tests.integration.digests.conftest import ADDRESS, ZONE, choose
from tests.integration.leaning import misleading_rows

CHANGED = "digests.setting.changed"
BODY = {"often": "weekdays", "hour": 7, "zone": ZONE, "language": "fr", "address": ADDRESS}


class TestASetting:
    def test_is_logged_without_address_hour_or_zone(self, region, ana, recorded):
        region.session(ana)
        with recorded(CHANGED):
            choose(region, ana)
        (event,) = log.payloads_of(CHANGED)
        assert event["payload"] == {"person": ana.person, "often": "daily"}
        assert misleading_rows(0) == []

    def test_keeps_the_address_where_the_database_alone_does_not_open_it(self, region, ana):
        choose(region, ana)
        row = Digest.objects.get()
        assert ADDRESS.encode() not in bytes(row.sealed)
        assert ADDRESS not in str(vars(row))
        assert queries.setting_of(ana.actor)["address"] == ADDRESS

    def test_that_wants_none_keeps_no_address(self, region, ana):
        choose(region, ana)
        choose(region, ana, often="never")
        assert bytes(Digest.objects.get().sealed) == b""
        assert queries.setting_of(ana.actor)["address"] == ""

    def test_asks_for_a_fresh_proof(self, region, ana, now):
        region.session(ana)
        region.now = now + timedelta(minutes=6)
        with pytest.raises(Refused) as refused:
            choose(region, ana)
        assert refused.value.code == "step-up-needed"

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"address": "ana"}, "digest-address-malformed"),
            ({"address": "a@b.example\r\nBcc: c@d.example"}, "digest-address-malformed"),
            ({"zone": "Nowhere"}, "digest-zone-unknown"),
        ],
    )
    def test_that_cannot_be_is_refused_with_its_reason(self, region, ana, wrong, code):
        with pytest.raises(Refused) as refused:
            choose(region, ana, **wrong)
        assert refused.value.code == code
        assert not Digest.objects.exists()

    def test_to_an_hour_that_is_over_begins_tomorrow(self, region, ana):
        choose(region, ana, hour=9)
        assert Digest.objects.get().looked_on == date(2026, 11, 24)
        choose(region, ana, hour=10)
        assert Digest.objects.get().looked_on == date(2026, 11, 24)

    def test_to_an_hour_to_come_begins_today(self, region, ana):
        choose(region, ana, hour=10)
        assert Digest.objects.get().looked_on == date(2026, 11, 23)


class TestTheRoute:
    @pytest.fixture
    def browser(self, region, ana):
        client = Client()
        client.cookies[configured.SESSION_COOKIE_NAME] = region.session(ana)
        return client

    def put(self, browser, **changes):
        body = json.dumps(BODY | changes)
        return browser.put("/api/account/digest", body, "application/json")

    def test_says_that_nothing_was_chosen_and_where_the_demo_keeps_e_mails(self, browser):
        assert browser.get("/api/account/digest").json() == {
            "often": "never",
            "hour": 8,
            "zone": "",
            "language": None,
            "address": "",
            "able": True,
            "folder": configured.MAIL_FOLDER_SAID,
            "sent_on": None,
            "failed_on": None,
        }

    def test_answers_with_what_was_chosen(self, browser):
        assert self.put(browser).json().items() >= BODY.items()
        assert browser.get("/api/account/digest").json().items() >= BODY.items()

    def test_is_ones_own_alone(self, region, browser, boris):
        self.put(browser)
        other = Client()
        other.cookies[configured.SESSION_COOKIE_NAME] = region.session(boris)
        assert other.get("/api/account/digest").json()["address"] == ""

    @pytest.mark.parametrize(
        "wrong", [{"hour": 24}, {"hour": -1}, {"often": "hourly"}, {"language": "de"}, {"more": 1}]
    )
    def test_refuses_what_is_no_setting(self, browser, wrong):
        assert self.put(browser, **wrong).json()["code"] == "bad-frame"
