"""A request on its way between the central authorities of two States."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from audit import queries as log
from casehub.accounts.models import Session
from casehub.core.errors import NotVisible, Refused
from casehub.directory.models import State
from requests_mla import queries
from requests_mla.codes import CLOSES_MEASURES, Said
from requests_mla.errors import MoveBehind, MoveVersionBehind
from requests_mla.models import Move, Request
from tests.integration.requests_mla.conftest import equipped
from tests.integration.requests_mla.moving import HASH, USUAL, Mover, official

pytestmark = pytest.mark.django_db
MEASURES = {"measures": ["bank_records", "bank_records"]}


SENT = ("authorise", "transmit")
RUNS = (*SENT, "acknowledge", "begin")


class TestTheMainPath:
    def test_leads_from_ready_to_closed(self, led, recorded):
        acts = (*RUNS, "ask-information", "give-information", "answer-part")
        led(*acts)
        with recorded("requests.proposal.made", "requests.move.made"):
            led("execute", measures=(1,))
        assert led("close").stage == "closed"
        row = led().row
        assert [one.act for one in queries.moves_of(row)] == [*acts, "execute", "close"]
        assert queries.closed_of(queries.moves_of(row), by=CLOSES_MEASURES) == {0, 1}

    @pytest.mark.parametrize(
        ("acts", "stage"),
        [
            ((*SENT, "acknowledge", "return"), "returned"),
            ((*RUNS, "refuse"), "refused"),
            ((*RUNS, "postpone"), "postponed"),
            ((*RUNS, "postpone", "resume"), "in_execution"),
            ((*SENT, "acknowledge", "postpone", "resume"), "acknowledged"),
            ((*RUNS, "ask-information", "postpone", "resume"), "information_requested"),
            ((*RUNS, "ask-information", "postpone", "resume", "give-information"), "in_execution"),
            ((*RUNS, "answer-part", "refuse", "close"), "closed"),
            ((*SENT, "acknowledge", "refuse-part", "return"), "returned"),
            ((*SENT, "acknowledge", "refuse-part", "refuse", "close"), "closed"),
            ((*RUNS, "ask-information", "refuse-part", "give-information"), "in_execution"),
            ((*RUNS, "postpone", "refuse-part", "resume"), "in_execution"),
            ((*SENT, "withdraw"), "withdrawn"),
        ],
    )
    def test_branches_as_the_table_says(self, led, acts, stage):
        assert led(*acts).stage == stage

    def test_begins_again_with_what_was_returned(self, led, draft, ana, bea, sofia):
        ready = led(*SENT, "acknowledge", "return")
        assert draft.shape(ana)["came_back"] is True
        draft.take(ana)
        draft.save(ana, disclosed=MEASURES)
        assert (ready.stage, draft.shape(ana)["came_back"]) == ("draft", True)
        draft.attest(ana, ready=True)
        ready.move(bea, "authorise")
        ready.move(sofia, "transmit", **USUAL["transmit"])
        assert (ready.stage, draft.shape(ana)["came_back"]) == ("transmitted", False)
        assert queries.closed_of(queries.moves_of(ready.row), by=CLOSES_MEASURES) == set()

    def test_keeps_what_was_signed(self, led, bea, now):
        row = led("authorise").row
        (move,) = queries.moves_of(row)
        assert (move.person_id, str(move.device_id)) == (bea.id, bea.device)
        assert (move.before, move.after, move.version) == ("ready", "authorised", 1)
        assert (move.at, move.on) == (now, now.date())
        assert move.digest == row.versions.get().digest


class TestWhoMoves:
    @pytest.mark.parametrize("who", ["drafter", "home", "abroad"])
    def test_authorising_is_the_signatory_s(self, ready, people, who, recorded):
        with recorded(), pytest.raises((Refused, NotVisible)):
            ready.move(people[who], "authorise")
        assert ready.stage == "ready"

    def test_nobody_authorises_what_they_wrote(self, ready, draft, bea, ana, recorded):
        draft.take(bea, at=draft.now + timedelta(minutes=6))
        draft.save(bea, at=draft.now + timedelta(minutes=6), disclosed=MEASURES)
        draft.attest(ana, ready=True)
        with recorded(), pytest.raises(Refused, match="own-request"):
            ready.move(bea, "authorise")

    def test_nobody_authorises_who_does_not_read_the_draft(self, region, ready, recorded):
        other = equipped(region, "SV", "coordinator")
        region.session(other)
        with recorded(), pytest.raises(NotVisible):
            ready.move(other, "authorise")

    @pytest.mark.parametrize(
        ("whose", "before", "act"), [("signatory", (), "authorise"), ("home", SENT[:1], "transmit")]
    )
    def test_nobody_moves_it_who_reads_on_after_their_term(
        self, led, people, whose, before, act, now, recorded
    ):
        ready, who = led(*before), people[whose]
        made = ready.signed(who, act, **USUAL.get(act, {}))
        over = replace(who.actor, reads_until=now + timedelta(days=6))
        with recorded(), pytest.raises((Refused, NotVisible)):
            ready.send(over, made)

    def test_nobody_moves_it_who_is_suspended(self, region, led, sofia, recorded):
        ready = led("authorise")
        made = ready.signed(sofia, "transmit", **USUAL["transmit"])
        region.enter(region.stopping(sofia, by=region.seat("SV").coordinator.key))
        with recorded(), pytest.raises(Refused, match="key-not-in-force"):
            ready.send(sofia.actor, made)

    def test_a_reviewer_sends_back_what_was_screened(self, region, draft, ana, bea, now):
        for who in (ana, bea):
            region.session(who)
        draft.take(ana)
        draft.save(ana)
        draft.attest(ana)
        mover = Mover(draft.id, now)
        assert mover.stage == "self_check"
        with pytest.raises(Refused, match="signatory-needed"):
            mover.move(ana, "ask-changes", **USUAL["ask-changes"])
        assert draft.shape(ana)["came_back"] is False
        mover.move(bea, "ask-changes", **USUAL["ask-changes"])
        assert (mover.stage, draft.shape(ana)["came_back"]) == ("needs_changes", True)
        draft.save(ana)
        draft.attest(ana)
        assert (mover.stage, draft.shape(ana)["came_back"]) == ("self_check", True)
        draft.attest(ana, ready=True)
        mover.move(bea, "authorise")
        assert (mover.stage, draft.shape(ana)["came_back"]) == ("authorised", False)

    @pytest.mark.parametrize("who", ["drafter", "signatory", "abroad"])
    def test_transmitting_is_the_own_central_authority_s(self, led, people, who, recorded):
        ready = led("authorise")
        with recorded(), pytest.raises((Refused, NotVisible)):
            ready.move(people[who], "transmit", **USUAL["transmit"])

    @pytest.mark.parametrize("who", ["drafter", "signatory", "home"])
    def test_answering_is_the_other_central_authority_s(self, led, people, who, recorded):
        ready = led(*SENT)
        with recorded(), pytest.raises(Refused, match="move-not-yours"):
            ready.move(people[who], "acknowledge")

    def test_no_prosecutor_of_the_requested_state_answers(self, region, led, boris, recorded):
        region.session(boris)
        ready = led(*SENT)
        with recorded(), pytest.raises(NotVisible):
            ready.move(boris, "acknowledge")

    def test_its_coordination_is_told_and_answers_nothing(self, region, led, recorded):
        ready = led(*SENT)
        seat = region.seat("MX").coordinator
        region.session(seat)
        shape = queries.dossier_shape_for(seat.actor, ready.request)
        assert (shape["stage"], shape["may"]) == ("transmitted", [])

    def test_withdrawing_is_the_drafters_until_it_is_authorised(self, ready, ana):
        ready.move(ana, "withdraw", **USUAL["withdraw"])
        assert ready.stage == "withdrawn"

    @pytest.mark.parametrize("who", ["signatory", "home"])
    def test_then_it_is_the_signatory_s_or_the_central_authority_s(
        self, led, ana, people, recorded, who
    ):
        ready = led("authorise")
        with recorded(), pytest.raises(Refused, match="signatory-needed"):
            ready.move(ana, "withdraw", **USUAL["withdraw"])
        assert queries.dossier_shape_for(ana.actor, ready.request)["may"] == []
        assert "withdraw" in queries.dossier_shape_for(people[who].actor, ready.request)["may"]
        ready.move(people[who], "withdraw", **USUAL["withdraw"])
        assert ready.stage == "withdrawn"

    def test_once_it_is_sent_it_is_the_central_authority_s(self, led, ana, bea, recorded):
        ready = led(*SENT)
        for who in (ana, bea):
            with recorded(), pytest.raises(Refused, match="move-not-yours"):
                ready.move(who, "withdraw", **USUAL["withdraw"])

    def test_a_proof_of_who_one_is_is_fresh(self, led, bea, ready, recorded, now):
        Session.objects.update(verified_at=now - timedelta(hours=1))
        with recorded(), pytest.raises(Refused, match="step-up-needed"):
            ready.move(bea, "authorise")


class TestAStateThatIsNotHere:
    """Nobody of the requested State's central authority is in force on the platform."""

    def test_is_recorded_by_the_sender_with_proof(self, led, region, mario, sofia, now, recorded):
        ready = led(*SENT)
        region.end(mario, valid_until=now - timedelta(days=30))
        with recorded(), pytest.raises(Refused, match="proof-needed"):
            ready.move(sofia, "acknowledge", words=Said(), signer=sofia.key)
        ready.move(sofia, "acknowledge", proof=HASH)
        (move,) = Move.objects.filter(act="acknowledge")
        assert (move.side, move.state, move.said["proof"]) == ("requested", "SV", HASH)
        (event,) = [one for one in log.payloads_of("requests.move.made") if one["payload"]["proof"]]
        assert event["payload"]["proof"] == HASH

    def test_is_recorded_alike_where_it_never_was(self, region, opened, ana, bea, sofia, recorded):
        """No office, no officer, no prosecutor of it was ever in the directory."""
        for who in (ana, bea):
            region.session(who)
        draft = opened(bea, requested_state="GT")
        draft.take(ana)
        draft.save(ana, disclosed=MEASURES | {"requested_state": "GT"})
        draft.attest(ana, ready=True)
        gone = Mover(draft.id, draft.now)
        gone.move(bea, "authorise")
        gone.move(sofia, "transmit", **USUAL["transmit"])
        assert not State.objects.filter(code="GT").exists()
        with recorded(), pytest.raises(Refused, match="proof-needed"):
            gone.move(sofia, "acknowledge", words=Said(), signer=sofia.key)
        for act in ("acknowledge", "begin", "execute"):
            assert act in queries.dossier_shape_for(sofia.actor, draft.id)["may"]
            gone.move(sofia, act, proof=HASH, **USUAL.get(act, {}))
        gone.move(ana, "close", **USUAL["close"])
        proven = queries.moves_of(gone.row)[2:5]
        assert {(one.side, one.state, one.said["proof"]) for one in proven} == {
            ("requested", "SV", HASH)
        }
        assert gone.stage == "closed"

    def test_speaks_for_itself_once_it_is(self, led, sofia, mario, recorded):
        ready = led(*SENT)
        with recorded(), pytest.raises(Refused, match="move-not-yours"):
            ready.move(sofia, "acknowledge", proof=HASH)
        with recorded(), pytest.raises(Refused, match="proof-not-asked"):
            ready.move(mario, "acknowledge", proof=HASH)


class TestOfTwoMoves:
    def test_the_second_is_told_of_the_first(self, led, bea, ana, ready):
        late = ready.signed(ana, "withdraw", **USUAL["withdraw"])
        led("authorise")
        with pytest.raises(MoveBehind) as refused:
            ready.send(ana.actor, late)
        assert refused.value.params == {"number": 1}
        assert refused.value.status == 409

    def test_a_retry_is_answered_like_the_first(self, ready, bea, recorded):
        made = ready.signed(bea, "authorise")
        ready.send(bea.actor, made)
        with recorded():
            ready.send(bea.actor, made)
        assert Move.objects.count() == 1

    def test_the_same_id_serves_nothing_else(self, ready, bea, recorded):
        made = ready.signed(bea, "authorise")
        ready.send(bea.actor, made)
        with recorded(), pytest.raises(Refused, match="id-reused"):
            ready.send(bea.actor, made | {"on": date(2026, 11, 23)})

    def test_a_repeated_one_is_refused(self, led, bea, ready, recorded):
        led("authorise")
        with recorded(), pytest.raises(Refused, match="move-not-here"):
            ready.move(bea, "authorise")

    def test_one_about_an_older_version_is_refused(self, ready, draft, ana, bea, recorded):
        made = ready.signed(bea, "authorise")
        draft.save(ana, disclosed=MEASURES)
        draft.attest(ana, ready=True)
        with recorded(), pytest.raises(MoveVersionBehind):
            ready.send(bea.actor, made)

    def test_one_of_other_bytes_of_the_version_is_refused(self, ready, bea, recorded):
        with recorded(), pytest.raises(MoveVersionBehind):
            ready.move(bea, "authorise", digest=HASH)


class TestTheDay:
    def test_is_not_before_the_move_that_it_follows(self, led, ready, sofia, now, recorded):
        led("authorise")
        with recorded(), pytest.raises(Refused, match="move-back-dated"):
            ready.move(sofia, "transmit", on=date(2026, 11, 23), **USUAL["transmit"])

    def test_has_come(self, ready, bea, recorded):
        with recorded(), pytest.raises(Refused, match="move-ahead"):
            ready.move(bea, "authorise", on=date(2026, 11, 26))

    def test_has_come_somewhere(self, ready, bea, recorded):
        """Before ten in the morning, UTC, no clock says the next day; from then on some do."""
        for hour, why in ((9, "move-ahead"), (10, None)):
            at = datetime(2026, 11, 25, hour, 59, 59, tzinfo=UTC)
            Session.objects.update(verified_at=at)
            if why is None:
                ready.move(bea, "authorise", at=at, on=date(2026, 11, 26))
                continue
            with recorded(), pytest.raises(Refused, match=why):
                ready.move(bea, "authorise", at=at, on=date(2026, 11, 26))
        assert ready.stage == "authorised"

    def test_is_the_evening_before_where_midnight_comes_later(self, region, led, sofia):
        """Half past midnight in Panama, and four minutes later still evening in El Salvador."""
        ready, panama = led(*SENT), official(region, "PA")
        Request.objects.update(requested_state="PA")
        early = datetime(2026, 11, 25, 5, 30, tzinfo=UTC)
        late = early + timedelta(minutes=4)
        Session.objects.update(verified_at=early)
        ready.move(panama, "acknowledge", at=early, on=date(2026, 11, 25))
        ready.move(sofia, "withdraw", at=late, on=date(2026, 11, 24), **USUAL["withdraw"])
        assert ready.stage == "withdrawn"

    def test_may_be_earlier_than_its_signature(self, ready, bea, now):
        later = now + timedelta(days=4)
        Session.objects.update(verified_at=later)
        ready.move(bea, "authorise", at=later, on=date(2026, 11, 24))
        assert Move.objects.get().on == date(2026, 11, 24)

    def test_is_not_before_that_on_which_its_text_was_saved(self, ready, bea, recorded):
        with recorded(), pytest.raises(Refused, match="move-back-dated"):
            ready.move(bea, "authorise", on=date(2026, 11, 23))

    def test_of_its_text_is_that_of_whoever_is_furthest_west(self, region, draft, ana, bea, now):
        """Saved at two in the morning, UTC, of the 25th: in Mexico it is the evening before."""
        at = datetime(2026, 11, 25, 2, tzinfo=UTC)
        for who in (ana, bea):
            region.session(who)
        Session.objects.update(verified_at=at)
        draft.take(ana, at=at)
        draft.save(ana, at=at, disclosed=MEASURES)
        draft.attest(ana, at=at, ready=True)
        Mover(draft.id, at).move(bea, "authorise", on=date(2026, 11, 24))
        assert draft.row.stage == "authorised"

    @pytest.mark.parametrize("minutes", [-6, 6])
    def test_of_the_signature_is_now(self, ready, bea, minutes, now, recorded):
        at = now + timedelta(minutes=minutes)
        made = ready.signed(bea, "authorise", at=at)
        with recorded(), pytest.raises(Refused, match="statement-stale"):
            ready.send(bea.actor, made)

    @pytest.mark.parametrize(
        ("deadline", "why"), [("2026-11-23", None), ("2026-11-24", "deadline-ahead")]
    )
    def test_on_which_it_expired_is_after_its_deadline(self, led, sofia, deadline, why):
        ready = led(*SENT)
        Request.objects.update(disclosed=ready.row.disclosed | {"deadline": deadline})
        if why is not None:
            with pytest.raises(Refused, match=why):
                ready.move(sofia, "expire", lapsed="deadline", rests_on=deadline)
            return
        ready.move(sofia, "expire", lapsed="deadline", rests_on=deadline)
        assert ready.stage == "expired"
        (*_, event) = log.payloads_of("requests.move.made")
        assert event["payload"]["said"] == ["lapsed:deadline", f"rests_on:{deadline}"]

    @pytest.mark.parametrize(
        ("lapsed", "rests_on", "why"),
        [
            ("deadline", "2026-11-20", "deadline-ahead"),  # it has none
            ("limitation", "2026-11-23", None),
            ("limitation", "2026-11-24", "deadline-ahead"),
            ("proceeding-ended", "2026-11-24", None),
            ("proceeding-ended", "2026-11-25", "deadline-ahead"),
        ],
    )
    def test_on_which_it_expired_is_after_what_it_rests_on(self, led, sofia, lapsed, rests_on, why):
        ready = led(*SENT)
        if why is None:
            ready.move(sofia, "expire", lapsed=lapsed, rests_on=rests_on)
            assert ready.stage == "expired"
            return
        with pytest.raises(Refused, match=why):
            ready.move(sofia, "expire", lapsed=lapsed, rests_on=rests_on)
        assert ready.stage == "transmitted"

    def test_on_which_it_expired_is_over_in_both_states(self, region, led, sofia):
        """When it is the next day in UTC it is still evening in El Salvador and in Mexico."""
        ready = led(*SENT)
        Request.objects.update(disclosed=ready.row.disclosed | {"deadline": "2026-11-24"})
        over = {"lapsed": "deadline", "rests_on": "2026-11-24"}
        evening, night = (datetime(2026, 11, 25, hour, 30, tzinfo=UTC) for hour in (5, 6))
        #  a step of the deadline's own day says nothing of it: that day was in time
        same = over | {"on": date(2026, 11, 24)}
        for at, said in ((evening, over), (night, same)):
            Session.objects.update(verified_at=at)
            with pytest.raises(Refused, match="deadline-ahead"):
                ready.move(sofia, "expire", at=at, **said)
        ready.move(sofia, "expire", at=night, **over)
        assert ready.stage == "expired"


class TestSomebodyElse:
    def test_signs_nothing_in_another_s_name(self, ready, bea, ana, recorded):
        made = ready.signed(bea, "authorise")
        with recorded(), pytest.raises(Refused, match="signatory-needed"):
            ready.send(replace(ana.actor, device=bea.device), made)
