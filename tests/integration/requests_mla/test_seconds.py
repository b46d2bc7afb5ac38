"""Steps that take two people: proposed by one, confirmed or declined by another, or neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import queries as log
from casehub.accounts.models import Session
from casehub.cases import services as cases
from casehub.core.errors import NotVisible, Refused
from requests_mla import notify, queries
from requests_mla.codes import Said
from requests_mla.errors import MoveBehind, MoveIncomplete, MoveVersionBehind
from requests_mla.models import Move, Proposal, Request
from tests.integration.requests_mla.conftest import equipped
from tests.integration.requests_mla.moving import HASH, USUAL, official

pytestmark = pytest.mark.django_db
RUNS = ("authorise", "transmit", "acknowledge", "begin")
MADE = {"measures": (0, 1)}


@pytest.fixture
def running(led):
    """The request in execution: two accounts are asked for."""
    return led(*RUNS)


@pytest.fixture
def proposed(running, mario):
    """Mario has signed that both were executed; nobody has confirmed it."""
    running.propose(mario.actor, running.signed(mario, "execute", **USUAL["execute"]))
    return running


@pytest.fixture
def coordinator(region):
    """The head of the office there, with a device, under a name of their own."""
    someone = equipped(region, "MX", "coordinator")
    region.session(someone)
    region.end(someone, name="Elena Soto")
    return someone


def seen(who, ready):
    return queries.dossier_shape_for(who.actor, ready.request)


class TestOneHand:
    @pytest.mark.parametrize(
        ("act", "said"),
        [
            ("execute", MADE),
            ("answer-part", {"measures": (0,)}),
            ("execute", MADE | {"evidence": (HASH,)}),
        ],
    )
    def test_does_no_coercive_measure(self, running, mario, act, said, recorded):
        with recorded(), pytest.raises(Refused, match="second-hand-needed"):
            running.send(mario.actor, running.signed(mario, act, **said))
        assert running.stage == "in_execution"

    @pytest.fixture
    def mild(self, running):
        facts = running.row.disclosed | {"measures": ["service", "bank_records"]}
        Request.objects.update(disclosed=facts)
        running.row.versions.update(disclosed=facts)
        return running

    def test_does_what_is_none(self, mild, mario, recorded):
        with recorded("requests.move.made"):
            mild.send(mario.actor, mild.signed(mario, "answer-part", measures=(0,)))
        (move,) = Move.objects.filter(act="answer-part")
        assert (move.form, move.proposal, mild.stage) == (3, None, "partially_executed")

    def test_hands_no_evidence_over(self, mild, mario, recorded):
        made = mild.signed(mario, "answer-part", measures=(0,), evidence=(HASH,))
        with recorded(), pytest.raises(Refused, match="second-hand-needed"):
            mild.send(mario.actor, made)

    def test_is_asked_for_no_second_where_it_takes_none(self, mild, mario, recorded):
        for act, said in (("answer-part", {"measures": (0,)}), ("refuse", USUAL["refuse"])):
            with recorded(), pytest.raises(Refused, match="second-not-asked"):
                mild.propose(mario.actor, mild.signed(mario, act, **said))

    def test_records_with_proof_what_a_state_did_that_is_not_here(
        self, region, running, mario, sofia, now
    ):
        region.end(mario, valid_until=now - timedelta(days=30))
        running.send(sofia.actor, running.signed(sofia, "execute", proof=HASH, **MADE))
        assert running.stage == "executed"


class TestAProposal:
    def test_moves_nothing_and_is_in_the_log_of_its_state_alone(self, proposed, mario):
        assert (proposed.stage, Move.objects.filter(act="execute").count()) == ("in_execution", 0)
        (event,) = log.payloads_of("requests.proposal.made")
        (row,) = Proposal.objects.all()
        assert (event["states"], event["actor"]) == (["MX"], str(mario.id))
        assert event["payload"] == {
            "request": str(proposed.request),
            "number": 5,
            "step": "execute",
            "digest": row.step,
            "due": (proposed.now + timedelta(hours=72)).isoformat(),
        }

    def test_is_shown_there_and_not_to_the_state_that_asked(
        self, proposed, people, nadia, coordinator
    ):
        shape = seen(nadia, proposed)
        assert shape["proposal"]["person"] == people["abroad"].id
        assert (shape["proposal"]["outcome"], shape["proposal"]["stopped"]) == ("", False)
        hands = {one["person"]: one["name"] for one in shape["hands"]}
        assert hands[nadia.person] == "Nadia Cruz"
        assert coordinator.person in hands
        assert people["abroad"].person not in hands
        for name in ("drafter", "signatory", "home"):
            shape = seen(people[name], proposed)
            assert (shape["proposal"], shape["hands"]) == (None, [])

    def test_rings_for_those_of_its_state_and_for_all_once_it_is_confirmed(
        self, running, people, mario, nadia, region, monkeypatch
    ):
        rung = []
        monkeypatch.setattr(notify, "request_changed", lambda _, people: rung.append(set(people)))
        running.propose(mario.actor, running.signed(mario, "execute", **MADE))
        running.decline(nadia, "not-done")
        running.propose(mario.actor, running.signed(mario, "execute", **MADE))
        running.confirm(nadia)
        there = {mario.id, nadia.id, region.seat("MX").coordinator.id}
        here = {one.id for one in people.values()} | {region.seat("SV").coordinator.id}
        assert rung == [there, there, there, there | here]

    def test_is_checked_as_what_one_hand_does(self, running, mario, nadia, sofia, recorded, now):
        wrong = [
            (sofia, {}, Refused, "move-not-yours"),
            (mario, {"number": 6}, MoveBehind, "move-behind"),
            (mario, {"version": 2}, MoveVersionBehind, "move-version-behind"),
            (mario, {"evidence": (HASH, HASH)}, MoveIncomplete, "move-incomplete"),
            (mario, {"measures": (0,)}, Refused, "measures-differ"),
            (mario, {"signer": nadia.key}, Refused, "signature-refused"),
        ]
        for who, changes, refused, code in wrong:
            made = running.signed(who, "execute", **(MADE | changes))
            with recorded(), pytest.raises(refused, match=f"^{code}"):
                running.propose(who.actor, made)
        Session.objects.update(verified_at=now - timedelta(hours=1))
        with recorded(), pytest.raises(Refused, match="step-up-needed"):
            running.propose(mario.actor, running.signed(mario, "execute", **MADE))

    def test_is_one_at_a_time(self, proposed, mario, nadia, recorded):
        made = proposed.signed(nadia, "execute", **MADE)
        with recorded(), pytest.raises(Refused, match="second-asked"):
            proposed.propose(nadia.actor, made)
        proposed.decline(mario, "not-done")
        proposed.propose(nadia.actor, made)
        proposed.confirm(mario)
        assert proposed.stage == "executed"

    def test_tried_again_is_the_same_one(self, running, mario, recorded):
        made = running.signed(mario, "execute", **MADE)
        running.propose(mario.actor, made)
        with recorded():
            running.propose(mario.actor, made)
        with recorded(), pytest.raises(Refused, match="id-reused"):
            running.propose(mario.actor, made | {"said": Said(**USUAL["execute"])})
        assert Proposal.objects.count() == 1


class TestTheSecondHand:
    def test_does_it_in_both_names(self, proposed, mario, nadia, sofia, recorded, now):
        with recorded("requests.move.made"):
            proposed.confirm(nadia)
        (move,) = Move.objects.filter(act="execute")
        assert (proposed.stage, move.person_id) == ("executed", mario.id)
        assert (move.proposal.decider_id, move.proposal.decided_at) == (nadia.id, now)
        event = log.payloads_of("requests.move.made")[-1]
        assert (event["states"], event["actor"]) == (["MX", "SV"], str(nadia.id))
        assert event["payload"]["proposer"] == str(mario.id)
        assert event["payload"]["digest"] == move.proposal.step
        shown = seen(sofia, proposed)["moves"][-1]
        assert (shown["name"], shown["second"]["name"]) == ("Persona Ficticia", "Nadia Cruz")
        assert (shown["second"]["device"], shown["form"]) == (None, 3)

    def test_is_a_coordinator_s_of_that_state_too_by_their_device(
        self, proposed, coordinator, sofia
    ):
        proposed.confirm(coordinator)
        second = seen(sofia, proposed)["moves"][-1]["second"]
        assert (str(second["device"]), second["person"]) == (coordinator.device, coordinator.id)

    def test_is_nobody_else_s(self, region, proposed, people, boris, recorded):
        """No liaison's, nobody's of another State; to a third State there is no request at all."""
        third = official(region, "GT")
        region.session(boris)
        for who in (*(people[n] for n in ("drafter", "signatory", "home")), boris, third):
            for does in (proposed.confirm, lambda by: proposed.decline(by, "not-done")):
                with recorded(), pytest.raises(NotVisible):
                    does(who)
        assert proposed.stage == "in_execution"

    def test_is_not_the_first_one_s(self, proposed, mario, recorded):
        with recorded(), pytest.raises(Refused, match="second-own") as refused:
            proposed.confirm(mario)
        assert refused.value.status == 403

    def test_is_not_the_same_person_s_by_another_account(self, region, proposed, recorded):
        """Whoever is designated anew has another id, account and key, and the name they had."""
        again = official(region, "MX")
        with recorded(), pytest.raises(Refused, match="second-own"):
            proposed.confirm(again)
        assert again.person not in {one["person"] for one in seen(again, proposed)["hands"]}
        assert not queries.seconds_wanted(again.actor, now=proposed.now)

    @pytest.mark.parametrize(
        "changes",
        [
            {"number": 6},
            {"first": str(uuid4())},
            {"signature": b"s" * 64},
            {"signer": Ed25519PrivateKey.generate()},
        ],
        ids=["number", "first", "signature", "key"],
    )
    def test_covers_what_the_first_has_signed(self, proposed, nadia, changes, recorded):
        with recorded(), pytest.raises(Refused, match="signature-refused"):
            proposed.confirm(nadia, **changes)

    def test_under_something_else_than_what_is_there_is_refused(
        self, proposed, mario, nadia, recorded
    ):
        late = proposed.seconded(nadia)
        with recorded(), pytest.raises(Refused, match="second-changed"):
            proposed.confirm(nadia, step=HASH)
        proposed.decline(mario, "not-done")
        proposed.propose(mario.actor, proposed.signed(mario, "execute", **MADE))
        with recorded(), pytest.raises(Refused, match="second-changed"):
            proposed.put(nadia.actor, late)

    def test_of_another_moment_is_refused(self, proposed, nadia, recorded, now):
        hand = proposed.seconded(nadia, at=now - timedelta(minutes=6))
        with recorded(), pytest.raises(Refused, match="statement-stale"):
            proposed.put(nadia.actor, hand)

    def test_takes_a_fresh_proof(self, proposed, nadia, recorded, now):
        Session.objects.update(verified_at=now - timedelta(hours=1))
        with recorded(), pytest.raises(Refused, match="step-up-needed"):
            proposed.confirm(nadia)

    def test_put_again_changes_nothing(self, proposed, nadia, coordinator, recorded):
        hand = proposed.seconded(nadia)
        proposed.put(nadia.actor, hand)
        with recorded():
            proposed.put(nadia.actor, hand)
        with recorded(), pytest.raises(Refused, match="second-over"):
            proposed.confirm(coordinator)
        assert Move.objects.filter(act="execute").count() == 1

    def test_replayed_under_a_later_step_is_refused(self, running, mario, nadia, recorded):
        running.propose(mario.actor, running.signed(mario, "answer-part", measures=(0,)))
        hand = running.seconded(nadia)
        running.put(nadia.actor, hand)
        running.propose(mario.actor, running.signed(mario, "execute", measures=(1,)))
        with recorded(), pytest.raises(Refused, match="second-changed"):
            running.put(nadia.actor, hand)
        step = Proposal.objects.latest("id").step
        with recorded(), pytest.raises(Refused, match="signature-refused"):
            running.put(nadia.actor, hand | {"step": step})

    def test_comes_too_late_where_the_request_went_on(self, proposed, sofia, nadia, recorded):
        proposed.move(sofia, "withdraw", **USUAL["withdraw"])
        with pytest.raises(MoveBehind) as refused:
            proposed.confirm(nadia)
        assert (refused.value.params, refused.value.status) == ({"number": 5}, 409)
        assert seen(nadia, proposed)["proposal"] is None

    def test_is_none_s_in_a_closed_case(
        self, proposed, case, ana, nadia, acting, recorded, settings
    ):
        """One that was closed before the closing waited for what is under way."""
        settings.CASEHUB_UNDER_WAY = []
        acting(cases.close_case, ana, case=case)
        with recorded(), pytest.raises(Refused, match="case-closed"):
            proposed.confirm(nadia)
        assert not queries.seconds_wanted(nadia.actor, now=proposed.now)


class TestHowLongItWaits:
    @pytest.mark.parametrize(("urgency", "hours"), [("normal", 72), ("urgent", 2)])
    def test_is_three_days_or_two_hours(self, running, mario, nadia, urgency, hours, recorded):
        Request.objects.update(disclosed=running.row.disclosed | {"urgency": urgency})
        running.propose(mario.actor, running.signed(mario, "execute", **MADE))
        over = running.now + timedelta(hours=hours)
        Session.objects.update(verified_at=over)
        (wanted,) = queries.seconds_wanted(nadia.actor, now=over - timedelta(seconds=1))
        assert (wanted.what, wanted.ends, wanted.state) == ("request-second", over, "MX")
        assert wanted.request == running.request
        assert not queries.seconds_wanted(nadia.actor, now=over)
        for does in (running.confirm, lambda by, at: running.decline(by, "not-done", at=at)):
            with recorded(), pytest.raises(Refused, match="second-over"):
                does(nadia, at=over)
        # Nothing has to run: another one is proposed.
        running.propose(mario.actor, running.signed(mario, "execute", at=over, **MADE), at=over)
        running.confirm(nadia, at=over)
        assert running.stage == "executed"

    def test_is_before_who_may_confirm_it_alone(self, proposed, people, mario, nadia, coordinator):
        for who in (nadia, coordinator):
            assert len(queries.seconds_wanted(who.actor, now=proposed.now)) == 1
        for who in (mario, *people.values()):
            assert not queries.seconds_wanted(who.actor, now=proposed.now)
        proposed.confirm(nadia)
        assert not queries.seconds_wanted(coordinator.actor, now=proposed.now)


class TestAFirstHandThatWasStopped:
    def test_counts_no_more(self, region, proposed, mario, nadia, recorded):
        region.enter(region.stopping(mario, by=region.seat("MX").coordinator.key))
        with recorded(), pytest.raises(Refused, match="second-hand-stopped"):
            proposed.confirm(nadia)

    def test_counts_no_more_once_their_term_is_over(self, region, proposed, mario, nadia, now):
        region.end(mario, valid_until=now - timedelta(days=30))
        assert seen(nadia, proposed)["proposal"]["stopped"]
        assert not queries.seconds_wanted(nadia.actor, now=proposed.now)
        with pytest.raises(Refused, match="second-hand-stopped"):
            proposed.confirm(nadia)

    def test_counts_no_more_by_a_key_that_is_theirs_no_more(self, region, proposed, mario, nadia):
        region.rekeyed(mario)
        assert seen(nadia, proposed)["proposal"]["stopped"]
        assert not queries.seconds_wanted(nadia.actor, now=proposed.now)
        with pytest.raises(Refused, match="second-hand-stopped"):
            proposed.confirm(nadia)

    def test_keeps_nobody_from_proposing_anew(self, region, proposed, mario, nadia, coordinator):
        region.enter(region.stopping(mario, by=region.seat("MX").coordinator.key))
        proposed.propose(nadia.actor, proposed.signed(nadia, "execute", **MADE))
        proposed.confirm(coordinator)
        assert proposed.stage == "executed"


class TestASecondHandThatWasStopped:
    def test_is_no_officer_s(self, region, proposed, nadia, recorded):
        region.enter(region.stopping(nadia, by=region.seat("MX").coordinator.key))
        with recorded(), pytest.raises(Refused, match="key-not-in-force"):
            proposed.confirm(nadia)

    def test_is_not_there_for_whoever_reads_on_after_their_term(
        self, proposed, nadia, now, recorded
    ):
        over = replace(nadia.actor, reads_until=now + timedelta(days=6))
        with recorded(), pytest.raises(NotVisible):
            proposed.put(over, proposed.seconded(nadia))

    def test_of_a_coordinator_needs_a_device(self, proposed, coordinator, recorded):
        with recorded(), pytest.raises(Refused, match="device-needed"):
            proposed.put(replace(coordinator.actor, device=None), proposed.seconded(coordinator))


class TestAStepThatIsDeclined:
    @pytest.mark.parametrize(
        ("who", "reason"), [("nadia", "not-this-evidence"), ("mario", "taken-back")]
    )
    def test_moves_nothing_and_says_why(self, proposed, mario, nadia, who, reason, recorded):
        by = {"nadia": nadia, "mario": mario}[who]
        with recorded("requests.proposal.declined"):
            proposed.decline(by, "not-this-evidence")
        assert proposed.stage == "in_execution"
        (event,) = log.payloads_of("requests.proposal.declined")
        assert (event["states"], event["payload"]["reason"]) == (["MX"], reason)
        shown = seen(mario, proposed)["proposal"]
        assert (shown["outcome"], shown["reason"]) == ("declined", reason)
        for does in (proposed.confirm, lambda one: proposed.decline(one, "not-done")):
            with recorded(), pytest.raises(Refused, match="second-over"):
                does(nadia)


class TestWhatIsKept:
    def test_goes_with_a_deleted_case(self, proposed, nadia, case, ana, acting, now):
        proposed.confirm(nadia)
        proposed.move(ana, "close", **USUAL["close"])
        acting(cases.close_case, ana, case=case)
        cases.erase_case(case=case, now=now + timedelta(days=365 * 11))
        assert not Proposal.objects.exists()
