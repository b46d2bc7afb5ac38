"""Whoever is told "not now" is told when to ask again, whichever part of the server says it."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from casehub import urls
from casehub.core.errors import DomainError
from casehub.core.http import as_response
from casehub.edge.refusals import refusal
from casehub.reference import edge

LATER = {"busy", "storage-full", "try-again"}


@pytest.mark.parametrize("code", sorted(LATER))
def test_a_refusal_for_now_says_when_to_ask_again(code):
    answer = as_response(DomainError(code), RequestFactory().get("/api/cases"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert (b"retry-after", b"2") in refusal(code, secure=True).headers


@pytest.mark.parametrize("code", ["not-found", "too-large"])
def test_no_other_refusal_does(code):
    answer = as_response(DomainError(code), RequestFactory().get("/api/cases"))
    assert "Retry-After" not in answer.headers
    assert b"retry-after" not in dict(refusal(code, secure=True).headers)


def test_a_page_that_stands_for_a_dead_database_does(tmp_path, settings):
    settings.FRONTEND = tmp_path
    answer = urls.failed(RequestFactory().get("/expedientes"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")


def test_the_edge_s_own_do():
    assert "    add_header retry-after $edge_again always;" in edge.doors().splitlines()
    assert 'map $status $edge_again {\n    503 "2";\n}' in edge.words()
