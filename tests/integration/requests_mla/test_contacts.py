"""What a central authority learns of its prosecutors' informal contacts, whatever came of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from requests_mla import queries
from requests_mla.models import Consultation
from requests_mla.services import erasing
from tests.integration.requests_mla.consulting import answer, ask
from tests.integration.requests_mla.moving import Mover

pytestmark = pytest.mark.django_db
CODES = {"state", "asked_at", "due", "outcome", "ended_at", "request", "withdrawn"}


@pytest.fixture
def asked(region, screened, ana, bea, focal):
    """Return Ana's consultation, about a draft that was screened."""
    for who in (ana, bea):
        region.session(who)
    ask(screened.id, ana, focal, now=screened.now)
    return Consultation.objects.get()


@pytest.fixture
def answered(asked, focal, now):
    answer(asked.id, focal, now=now)
    return asked


@pytest.fixture
def mover(draft, now):
    return Mover(draft.id, now)


def told(who):
    return queries.contacts_for(who.actor)


class TestACentralAuthority:
    def test_learns_of_a_contact_before_there_is_a_request(self, asked, sofia):
        (one,) = told(sofia)
        assert set(one) == CODES
        assert (one["state"], one["outcome"], one["ended_at"]) == ("MX", "", None)
        assert (one["request"], one["withdrawn"]) == (None, "")

    def test_learns_how_it_ended(self, answered, sofia, now):
        (one,) = told(sofia)
        assert (one["outcome"], one["ended_at"]) == ("favourable", now)

    def test_learns_that_it_was_solved_without_a_request(self, answered, mover, ana, sofia):
        mover.move(ana, "withdraw", codes=("solved-informally",))
        (one,) = told(sofia)
        assert (one["withdrawn"], one["request"]) == ("solved-informally", None)

    def test_finds_the_request_once_it_was_authorised(
        self, answered, draft, mover, ana, bea, sofia
    ):
        draft.attest(ana, ready=True)
        mover.move(bea, "authorise")
        (one,) = told(sofia)
        assert one["request"] == draft.id
        assert queries.dossier_shape_for(sofia.actor, draft.id)["contacts"] != []

    def test_is_not_told_what_came_of_it_once_the_case_is_erased(
        self, answered, mover, ana, sofia, now
    ):
        mover.move(ana, "withdraw", codes=("solved-informally",))
        erasing.erase(circles=[answered.request.circle_id], now=now)
        assert told(sofia) == []

    def test_is_told_the_newest_first(self, answered, draft, ana, focal, sofia, now):
        ask(draft.id, ana, focal, now=now + timedelta(minutes=2))
        first, second = told(sofia)
        assert first["asked_at"] > second["asked_at"]


class TestNobodyElse:
    @pytest.mark.parametrize("who", ["mario", "ana", "bea", "focal"])
    def test_is_told(self, request, asked, who):
        assert told(request.getfixturevalue(who)) == []

    def test_is_told_whose_office_has_ended(self, asked, sofia):
        over = replace(sofia.actor, reads_until=asked.asked_at)
        assert queries.contacts_for(over) == []
