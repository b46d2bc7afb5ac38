"""Under the address of the front end's files nothing else is, and nothing is asked for it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

MADE_UP = "x" * 32


@pytest.mark.parametrize("path", ["/static/none.js", "/static/", "/static/a/../none", "/static//"])
def test_what_is_not_there_is_refused_without_a_question_to_the_database(
    db, django_assert_num_queries, path
):
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = MADE_UP
    with django_assert_num_queries(0):
        answer = browser.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_elsewhere_who_asks_is_looked_up(db, django_assert_max_num_queries):
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = MADE_UP
    with django_assert_max_num_queries(5) as asked:
        browser.get("/api/session")
    assert len(asked) > 0
