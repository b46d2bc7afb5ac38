"""Dossiers of closed and of deleted cases, and of what the requested State sent back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import queries as log
from casehub.cases import services as cases
from casehub.core.errors import NotVisible, Refused
from requests_mla import notify, queries, services
from requests_mla.errors import MoveBehind, MoveVersionBehind
from requests_mla.models import Move, Request
from tests.integration.requests_mla.moving import USUAL, Mover

pytestmark = pytest.mark.django_db
MEASURES = {"measures": ["bank_records", "bank_records"]}
SENT = ("authorise", "transmit")
BACK = (*SENT, "acknowledge", "return")
ELEVEN_YEARS = timedelta(days=365 * 11)


def seen(who, ready):
    return queries.dossier_shape_for(who.actor, ready.request)


class TestAClosedCase:
    @pytest.fixture
    def closed(self, led, case, ana, acting):
        ready = led(*SENT, "acknowledge", "refuse")
        acting(cases.close_case, ana, case=case)
        return ready

    def test_takes_no_further_step(self, closed, ana, mario, recorded):
        for who, act in ((ana, "close"), (mario, "acknowledge")):
            with recorded(), pytest.raises(Refused, match="case-closed"):
                closed.move(who, act, **USUAL.get(act, {}))
        assert closed.stage == "refused"

    def test_offers_none_and_says_why(self, closed, people):
        for who in people.values():
            shape = seen(who, closed)
            assert (shape["may"], shape["next"], shape["case_closed"]) == ([], [], True)

    def test_answers_a_retry_like_its_first_try(self, ready, case, ana, bea, acting, recorded):
        made = ready.signed(bea, "authorise")
        ready.send(bea.actor, made)
        acting(cases.close_case, ana, case=case)
        with recorded():
            ready.send(bea.actor, made)

    def test_goes_on_where_it_was_once_it_is_open_again(self, closed, case, ana, acting):
        acting(cases.reopen_case, ana, case=case)
        closed.move(ana, "close", **USUAL["close"])
        assert closed.stage == "closed"


class TestADeletedCase:
    def test_leaves_nothing_of_what_was_signed_and_no_dossier(
        self, led, case, ana, people, acting, now
    ):
        ready = led(*SENT, "acknowledge", "begin", "execute", "close")
        acting(cases.close_case, ana, case=case)
        cases.erase_case(case=case, now=now + ELEVEN_YEARS)
        assert not Move.objects.exists()
        assert Request.objects.get(id=ready.request).disclosed == {}
        for who in people.values():
            assert queries.dossiers_for(who.actor) == []
            with pytest.raises(NotVisible):
                seen(who, ready)

    def test_leaves_what_the_log_says(self, led, case, ana, acting, now):
        led(*SENT, "withdraw")
        acting(cases.close_case, ana, case=case)
        cases.erase_case(case=case, now=now + ELEVEN_YEARS)
        steps = [one["payload"]["step"] for one in log.payloads_of("requests.move.made")]
        assert steps == [*SENT, "withdraw"]


class TestWhatWasSentBack:
    """The requesting State writes it anew; the requested one keeps what it has."""

    @pytest.fixture
    def anew(self, led, draft, ana, bea):
        ready = led(*BACK)
        draft.take(ana)
        draft.save(ana, disclosed=MEASURES | {"urgency": "urgent", "deadline": "2027-03-01"})
        return ready

    @pytest.fixture
    def rung(self, monkeypatch):
        """Whom each change is told, in their order."""
        rung = []
        monkeypatch.setattr(notify, "request_changed", lambda _, people: rung.append(set(people)))
        return rung

    def test_is_seen_abroad_as_it_was_there(self, anew, mario, sofia):
        (row,) = queries.dossiers_for(mario.actor)
        assert row["drafter"] is None
        told = ("returned", 1, "normal", "")
        assert (row["stage"], row["version"], row["urgency"], row["deadline"]) == told
        shape = seen(mario, anew)
        first = anew.row.versions.get(number=1)
        assert (shape["stage"], shape["version"], shape["digest"]) == ("returned", 1, first.digest)
        assert shape["disclosed"] == first.disclosed
        assert [one["act"] for one in shape["moves"]] == list(BACK)
        assert seen(sofia, anew)["stage"] == "draft"

    @pytest.mark.parametrize("acts", [("withdraw",), ("withdraw", "close")])
    def test_shows_no_more_than_was_sent_when_it_is_given_up(self, anew, ana, mario, sofia, acts):
        """The version since then, its urgency and its deadline were never sent."""
        for act in acts:
            anew.move(ana, act, **USUAL[act])
        first = anew.row.versions.get(number=1)
        shape = seen(mario, anew)
        assert (shape["version"], shape["digest"]) == (1, first.digest)
        assert shape["disclosed"] == first.disclosed
        (row,) = queries.dossiers_for(mario.actor)
        assert (row["version"], row["urgency"], row["deadline"]) == (1, "normal", "")
        assert row["stage"] == shape["stage"] == anew.stage
        (own,) = queries.dossiers_for(sofia.actor)
        assert (own["version"], own["urgency"], own["deadline"]) == (2, "urgent", "2027-03-01")

    def test_is_listed_by_as_many_queries_as_before(
        self, led, draft, opened, ana, bea, sofia, mario, now
    ):
        def asked():
            with CaptureQueriesContext(connection) as made:
                queries.dossiers_for(mario.actor)
            return len(made)

        ready = led(*BACK)
        before = asked()
        draft.take(ana)
        draft.save(ana, disclosed=MEASURES | {"urgency": "urgent"})
        assert asked() == before
        other = opened(bea)
        other.take(ana)
        other.save(ana, disclosed=MEASURES)
        other.attest(ana, ready=True)
        mover = Mover(other.id, now)
        for who, act in ((bea, "authorise"), (sofia, "transmit"), (mario, "acknowledge")):
            mover.move(who, act, **USUAL.get(act, {}))
        mover.move(mario, "return", **USUAL["return"])
        other.save(ana, disclosed=MEASURES | {"urgency": "urgent"})
        assert [one["urgency"] for one in queries.dossiers_for(mario.actor)] == ["normal"] * 2
        assert asked() == before
        assert ready.stage == "draft"

    def test_is_written_anew_for_all_at_home_to_hear(
        self, led, region, draft, ana, bea, sofia, rung
    ):
        """The central authority and the coordination there see it become a draft again."""
        seat = region.seat("SV").coordinator
        led(*BACK)
        draft.take(ana)
        rung.clear()
        draft.save(ana, disclosed=MEASURES)
        draft.attest(ana)
        assert rung == [{ana.id, bea.id, sofia.id, seat.id}] * 2

    def test_is_heard_of_by_its_drafters_alone_before_it_was_authorised(
        self, draft, ana, bea, sofia, rung
    ):
        draft.take(ana)
        rung.clear()
        draft.save(ana, disclosed=MEASURES)
        draft.attest(ana, ready=True)
        assert rung == [{ana.id, bea.id}] * 2

    def test_is_reviewed_and_authorised_anew_unseen(
        self, anew, draft, ana, bea, sofia, mario, rung
    ):
        draft.attest(ana)
        anew.move(bea, "ask-changes", **USUAL["ask-changes"])
        draft.save(ana, disclosed=MEASURES)
        draft.attest(ana, ready=True)
        anew.move(bea, "authorise")
        assert seen(mario, anew)["number"] == len(BACK) + 1
        assert [one["act"] for one in seen(mario, anew)["moves"]] == list(BACK)
        own = [one["states"] for one in log.payloads_of("requests.move.made")][-2:]
        assert own == [["SV"], ["SV"]]
        assert sofia.id in rung[-1]
        assert not any(mario.id in people for people in rung)

    def test_is_seen_whole_but_for_its_review_once_it_is_sent_anew(
        self, anew, draft, ana, bea, sofia, mario
    ):
        draft.attest(ana)
        anew.move(bea, "ask-changes", **USUAL["ask-changes"])
        draft.save(ana, disclosed=MEASURES)
        draft.attest(ana, ready=True)
        anew.move(bea, "authorise")
        anew.move(sofia, "transmit", **USUAL["transmit"])
        shape = seen(mario, anew)
        assert [one["act"] for one in shape["moves"]] == [*BACK, "authorise", "transmit"]
        assert [one["number"] for one in shape["moves"]] == [1, 2, 3, 4, 6, 7]
        assert (shape["stage"], shape["version"], shape["number"]) == ("transmitted", 3, 8)
        anew.move(mario, "acknowledge")
        assert anew.stage == "acknowledged"

    def test_is_looked_at_unseen_as_well(self, led, draft, ana, sofia, mario, acting):
        ready = led(*BACK)
        acting(services.read_dossier, sofia, request_id=ready.request)
        draft.take(ana)
        draft.save(ana, disclosed=MEASURES)
        for who in (sofia, mario):
            acting(services.read_dossier, who, request_id=ready.request)
        states = [one["states"] for one in log.payloads_of("requests.dossier.read")]
        assert states == [["MX", "SV"], ["SV"], ["MX", "SV"]]

    def test_is_told_when_it_is_withdrawn_or_closed(self, anew, ana, mario):
        anew.move(ana, "withdraw", **USUAL["withdraw"])
        assert seen(mario, anew)["stage"] == "withdrawn"
        anew.move(ana, "close", **USUAL["close"])
        assert seen(mario, anew)["stage"] == "closed"
        states = [one["states"] for one in log.payloads_of("requests.move.made")][-2:]
        assert states == [["MX", "SV"]] * 2

    @pytest.mark.parametrize("act", ["withdraw", "authorise", "acknowledge", "ask-changes"])
    def test_tells_nothing_of_itself_by_a_refusal(self, anew, draft, ana, mario, act):
        """Neither its stage, nor its version, nor how many steps were taken since."""
        sent, answers = anew.row.versions.get(number=1).digest, []
        for _ in range(2):
            with pytest.raises(Refused) as refused:
                made = anew.signed(mario, act, number=len(BACK) + 1, version=1, digest=sent)
                anew.send(mario.actor, made)
            answers.append((refused.value.code, getattr(refused.value, "params", {})))
            draft.save(ana, disclosed=MEASURES)
            draft.attest(ana, ready=True)
        assert answers[0] == answers[1] == ("move-not-here", {})

    def test_stays_between_its_two_states(self, anew, draft, ana, recorded):
        for other in ("GT", ""):
            with recorded(), pytest.raises(Refused, match="request-was-sent"):
                draft.save(ana, disclosed=MEASURES | {"requested_state": other})
        assert anew.row.requested_state == "MX"

    def test_may_still_go_to_another_before_it_is_sent(self, ready, draft, ana):
        draft.take(ana)
        draft.save(ana, disclosed={"requested_state": "GT"})
        assert draft.row.requested_state == "GT"


class TestWhoIsBehind:
    def test_hears_which_move_and_version_there_is(self, led, ready, sofia, mario):
        led(*SENT)
        with pytest.raises(MoveBehind) as move:
            ready.move(mario, "acknowledge", number=2)
        assert move.value.params == {"number": 2}
        with pytest.raises(MoveVersionBehind) as version:
            ready.move(mario, "acknowledge", version=2)
        assert version.value.params["version"] == 1
