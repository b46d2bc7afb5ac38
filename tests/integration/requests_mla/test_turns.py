"""The editing turn: taken, renewed, given back, run out."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from casehub.core.errors import NotVisible, Refused
from casehub.directory.models import Person
from requests_mla import markers, services
from requests_mla.errors import TurnTaken
from requests_mla.models import Request, Turn
from requests_mla.policies import TURN

MINUTE = timedelta(minutes=1)


class TestTakeTurn:
    def test_gives_five_minutes(self, draft, ana, bea, now, recorded):
        with recorded("requests.turn.taken"):
            draft.take(ana)
        until = now + timedelta(minutes=5)
        assert draft.shape(bea)["turn"] == {"person": ana.id, "until": until}
        assert draft.shape(bea, until - timedelta(seconds=1))["turn"] is not None
        assert draft.shape(bea, until)["turn"] is None

    def test_waits_for_whoever_has_it_and_says_who(self, draft, ana, bea, recorded):
        draft.take(ana)
        with recorded(), pytest.raises(TurnTaken) as refused:
            draft.take(bea)
        assert refused.value.params == {"person": ana.person, "until": "2026-11-24T15:05:00Z"}

    def test_takes_over_one_that_ran_out(self, draft, ana, bea, now, recorded):
        draft.take(ana)
        with recorded("requests.turn.taken"):
            draft.take(bea, at=now + TURN)
        assert draft.shape(ana, now + TURN)["turn"]["person"] == bea.id
        assert Turn.objects.filter(request=draft.id, ended_at=None).count() == 1

    def test_begins_anew_for_whoever_has_it(self, draft, ana, now, recorded):
        draft.take(ana)
        with recorded("requests.turn.taken"):
            draft.take(ana, at=now + MINUTE)
        assert draft.shape(ana, now + MINUTE)["turn"]["until"] == now + MINUTE + TURN

    def test_answers_a_retry_without_a_second_turn(self, draft, ana, bea, now, recorded):
        client_id = uuid4()
        draft.take(ana, client_id=client_id)
        with recorded():
            draft.take(ana, client_id=client_id, at=now + MINUTE)
        assert draft.shape(ana)["turn"]["until"] == now + TURN
        draft.take(bea, at=now + TURN)
        with recorded():
            draft.take(ana, client_id=client_id, at=now + TURN)
        assert draft.shape(ana, now + TURN)["turn"]["person"] == bea.id

    def test_refuses_a_client_id_that_took_another_drafts(self, draft, opened, ana, recorded):
        client_id = uuid4()
        draft.take(ana, client_id=client_id)
        other = opened()
        with recorded(), pytest.raises(Refused, match="id-reused"):
            other.take(ana, client_id=client_id)

    def test_passes_over_somebody_who_was_suspended_meanwhile(self, draft, ana, bea, now):
        draft.take(ana)
        Person.objects.filter(id=ana.id).update(suspended_at=now)
        draft.take(bea)
        assert draft.shape(bea)["turn"]["person"] == bea.id

    def test_is_not_there_for_a_request_that_went_on(self, draft, ana, recorded):
        Request.objects.update(stage="transmitted")
        with recorded(), pytest.raises(Refused, match="stage-closed"):
            draft.take(ana)

    def test_hides_the_draft_from_an_outsider(self, draft, boris, recorded):
        with recorded(), pytest.raises(NotVisible):
            draft.take(boris)


class TestRenewTurn:
    @pytest.fixture
    def renewing(self, draft, acting):
        return lambda who, at: acting(markers.renew_turn, who, request_id=draft.id, at=at)

    def test_gives_five_more_minutes_and_is_no_act(self, draft, ana, now, renewing, recorded):
        draft.take(ana)
        with recorded():
            renewing(ana, now + 4 * MINUTE)
        assert draft.shape(ana, now)["turn"]["until"] == now + 9 * MINUTE

    def test_comes_too_late_for_one_that_ran_out(self, draft, ana, now, renewing, recorded):
        draft.take(ana)
        with recorded(), pytest.raises(Refused, match="turn-needed"):
            renewing(ana, now + TURN)

    def test_says_who_has_it_instead(self, draft, ana, bea, now, renewing, recorded):
        draft.take(ana)
        draft.take(bea, at=now + TURN)
        with recorded(), pytest.raises(TurnTaken) as refused:
            renewing(ana, now + TURN + MINUTE)
        assert refused.value.params["person"] == bea.person

    def test_needs_one(self, ana, now, renewing, recorded):
        with recorded(), pytest.raises(Refused, match="turn-needed"):
            renewing(ana, now)

    def test_hides_the_draft_from_an_outsider(self, boris, now, renewing, recorded):
        with recorded(), pytest.raises(NotVisible):
            renewing(boris, now)


class TestGiveBackTurn:
    @pytest.fixture
    def giving_back(self, draft, acting):
        return lambda who: acting(services.give_back_turn, who, request_id=draft.id)

    def test_frees_it_at_once(self, draft, ana, bea, giving_back, recorded):
        draft.take(ana)
        with recorded("requests.turn.given-back"):
            giving_back(ana)
        assert draft.shape(ana)["turn"] is None
        draft.take(bea)

    def test_is_answered_alike_when_there_is_none(self, ana, giving_back, recorded):
        with recorded():
            giving_back(ana)

    def test_leaves_that_of_somebody_else_alone(self, draft, ana, bea, giving_back, recorded):
        draft.take(ana)
        with recorded():
            giving_back(bea)
        assert draft.shape(ana)["turn"]["person"] == ana.id

    def test_hides_the_draft_from_an_outsider(self, boris, giving_back, recorded):
        with recorded(), pytest.raises(NotVisible):
            giving_back(boris)
