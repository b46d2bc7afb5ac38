"""The door of every route: before the body is looked at, in the caller's language."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.test import Client

from casehub.core import rates
from casehub.core.errors import catalogue
from casehub.core.http import language_of


@pytest.fixture
def ana(region):
    return region.equipped("SV")


@pytest.fixture
def browser(region, ana):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = region.session(ana)
    return client


def post(client, path, body, **headers):
    return client.post(f"/api{path}", data=body, content_type="application/json", headers=headers)


class TestDoor:
    def test_tells_a_stranger_nothing_about_the_body(self, db, client):
        for body in ("{", "[]", json.dumps({"states": 1})):
            answer = post(client, "/cases", body)
            assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-needed")

    ID = "00000000-0000-4000-8000-000000000000"
    #  body, and what the refusal says
    BAD = [
        ("{", {"why": "not JSON"}),
        ("[" * 30, {"why": "too deep"}),
        ('{"client_id":1,"client_id":1}', {"why": "duplicate key"}),
        ('{"client_id":NaN,"states":["SV"]}', {"why": "not a number"}),
        ("[]", {"fields": ["body.body"]}),
        ('{"client_id":"x","states":["SV"]}', {"fields": ["body.body.client_id"]}),
        (f'{{"client_id":"{ID}","states":["SV"],"title":"x"}}', {"fields": ["body.body.title"]}),
    ]

    @pytest.mark.parametrize(("body", "params"), BAD)
    def test_refuses_a_bad_body_and_repeats_no_value(self, browser, body, params):
        answer = post(browser, "/cases", body)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-frame")
        assert answer.json()["params"] == params

    def test_refuses_text_that_is_no_unicode(self, browser, db):
        answer = post(browser, "/sign-in/password", '{"account":"\\ud800","password":"x"}')
        assert answer.status_code in {400, 403}

    def test_is_shut_over_the_rate(self, browser, monkeypatch):
        monkeypatch.setitem(rates.RATES, "http", rates.Rate(burst=2, per_minute=0))
        answers = [browser.get("/api/cases").status_code for _ in range(3)]
        assert answers == [200, 200, 429]

    def test_counts_each_person_apart(self, region, browser, monkeypatch):
        monkeypatch.setitem(rates.RATES, "http", rates.Rate(burst=1, per_minute=0))
        other = Client()
        other.cookies[settings.SESSION_COOKIE_NAME] = region.session(region.equipped("SV"))
        assert browser.get("/api/cases").status_code == other.get("/api/cases").status_code == 200

    @pytest.mark.parametrize(
        ("method", "path"),
        [("get", "/api/nowhere"), ("put", "/api/cases"), ("get", "/api/cases/not-a-uuid")],
    )
    def test_that_does_not_exist_answers_without_a_page(self, browser, method, path):
        answer = getattr(browser, method)(path)
        assert answer.status_code in {404, 405}
        assert b"<html" not in answer.content.lower()


class TestLanguage:
    #  Accept-Language, and what is spoken
    HEADERS = [
        ("", "es"),
        ("de", "es"),
        ("en-US,en;q=0.9", "en"),
        ("de,fr;q=0.5", "fr"),
        ("FR-ca", "fr"),
        ("*", "es"),
        ("\x00,,;", "es"),
    ]

    @pytest.mark.parametrize(("header", "expected"), HEADERS)
    def test_table(self, header, expected):
        assert language_of(header) == expected

    @pytest.mark.parametrize("language", ["es", "en", "fr"])
    def test_is_that_of_the_refusal(self, db, client, language):
        answer = client.get("/api/cases", headers={"Accept-Language": language}).json()
        words = catalogue()["sign-in-needed"][language]
        assert (answer["message"], answer["do"]) == (words["message"], words["do"])
