"""Signing in within the week after a designation, and what the page is told of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from audit import queries as log
from casehub.core.errors import LANGUAGES
from casehub.directory.models import Person

WEEK = timedelta(days=7)


@pytest.fixture
def who(region):
    return region.equipped("SV")


@pytest.fixture
def browser(region, who):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = region.session(who)
    return client


@pytest.fixture
def over(region, who):
    def end(ago):
        Person.objects.filter(id=who.person).update(valid_until=region.now - ago)

    return end


class TestThePage:
    def test_of_somebody_in_office_knows_of_no_week(self, browser):
        assert browser.get("/api/session").json()["reads_until"] is None

    def test_is_told_until_when_they_read(self, browser, over, now):
        over(timedelta(days=2))
        told = browser.get("/api/session").json()
        assert told["state"] == "full"
        assert told["reads_until"] == (now + timedelta(days=5)).isoformat().replace("+00:00", "Z")

    def test_is_nobodys_after_it(self, browser, over):
        over(WEEK)
        assert browser.get("/api/session").json()["state"] == "anonymous"

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_with_every_refusal_until_when_and_what_to_do(self, browser, over, language):
        over(timedelta(0))
        answer = browser.post(
            "/api/account/recovery-codes",
            data={},
            content_type="application/json",
            headers={"Accept-Language": language},
        )
        said = answer.json()
        assert (answer.status_code, said["code"]) == (403, "designation-over")
        assert "2026-12-01 15:00 UTC" in said["message"]
        assert said["do"]
        assert said["params"]["until"] == "2026-12-01T15:00:00Z"

    def test_leaves_a_refused_act_in_the_log(self, browser, over):
        over(timedelta(0))
        browser.post("/api/account/recovery-codes", data={}, content_type="application/json")
        (event,) = log.payloads_of("core.act.refused")
        assert event["payload"]["code"] == "designation-over"
        assert event["payload"]["act"] == "accounts.recovery-codes.make"

    def test_may_end_its_persons_own_access(self, browser, who, over):
        over(timedelta(0))
        answer = browser.post(
            f"/api/people/{who.person}/suspend", data={}, content_type="application/json"
        )
        assert answer.status_code == 200
        assert browser.get("/api/session").json()["state"] == "anonymous"

    def test_may_end_nobody_elses_though_they_coordinated(self, browser, region, who, over):
        Person.objects.filter(id=who.person).update(roles="coordinator")
        over(timedelta(0))
        other = region.person("SV")
        answer = browser.post(
            f"/api/people/{other.person}/suspend", data={}, content_type="application/json"
        )
        assert answer.json()["code"] == "not-found"
