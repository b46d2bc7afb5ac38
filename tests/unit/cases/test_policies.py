"""Why not, in a case file: one table a policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.cases import limits, policies
from casehub.cases.policies import Step
from casehub.core.actor import Actor

ALL = {"SV", "MX", "GT"}
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def actor(who: str, state: str) -> Actor:
    return Actor(
        id=who, account="", state=state, roles=frozenset({"liaison"}), office="", session=""
    )


class TestWhyNotOpen:
    #  the opener's State, the case's States, why not
    TABLE = [
        ("SV", {"SV"}, None),
        ("SV", {"SV", "MX"}, None),
        ("SV", {"MX"}, "own-state-missing"),
        ("SV", {"SV", "ZZ"}, "unknown-state"),
        ("SV", {"ZZ"}, "unknown-state"),
        ("SV", set(), "own-state-missing"),
        ("", {"SV"}, "own-state-missing"),
    ]

    @pytest.mark.parametrize(("state", "states", "why"), TABLE)
    def test_table(self, state, states, why):
        answer = policies.why_not_open(
            actor("ana", state), states=frozenset(states), known=ALL, retention="long"
        )
        assert answer == why


class TestWhyNotAdd:
    #  known  State in  already  people  why not
    TABLE = [
        (True, True, False, 1, None),
        (True, True, False, 149, None),
        (True, True, False, 150, "case-full"),
        (True, True, True, 1, "already-in"),
        (True, True, True, 150, "already-in"),
        (True, False, False, 1, "state-not-in-case"),
        (False, False, False, 1, "person-unknown"),
        (False, True, True, 150, "person-unknown"),
    ]

    @pytest.mark.parametrize(("known", "state_in", "already", "count", "why"), TABLE)
    def test_table(self, known, state_in, already, count, why):
        answer = policies.why_not_add(
            candidate_known=known, state_in=state_in, already=already, count=count
        )
        assert answer == why


class TestWhyNotRemove:
    #  who (State)      whom (State)      there   why not; the case is Ana's, of SV
    TABLE = [
        ("ana", "SV", "boris", "MX", True, None),
        ("ana", "SV", "carla", "SV", True, None),
        ("carla", "SV", "dora", "SV", True, None),
        ("carla", "SV", "carla", "SV", True, None),
        ("boris", "MX", "boris", "MX", True, None),
        ("boris", "MX", "carla", "SV", True, "not-yours-to-remove"),
        ("carla", "SV", "boris", "MX", True, "not-yours-to-remove"),
        ("ana", "SV", "ana", "SV", True, "owner-stays"),
        ("carla", "SV", "ana", "SV", True, "owner-stays"),
        ("boris", "MX", "ana", "SV", True, "owner-stays"),
        ("ana", "SV", "boris", "MX", False, "not-found"),
        ("boris", "MX", "zoe", "MX", False, "not-found"),
    ]

    @pytest.mark.parametrize(("who", "state", "whom", "their_state", "present", "why"), TABLE)
    def test_table(self, who, state, whom, their_state, present, why):
        answer = policies.why_not_remove(
            actor=actor(who, state),
            owner="ana",
            person=whom,
            person_state=their_state,
            present=present,
        )
        assert answer == why


class TestStepOf:
    #  consented  accepted  ended  lapses after  what it waits for
    TABLE = [
        (False, False, "", SECOND, Step.CONSENT),
        (True, False, "", SECOND, Step.ACCEPTANCE),
        (True, True, "", SECOND, Step.ACCEPTED),
        (False, False, "", timedelta(0), Step.LAPSED),
        (True, False, "", timedelta(0), Step.LAPSED),
        (True, True, "", timedelta(0), Step.ACCEPTED),
        (False, False, "refused", SECOND, Step.REFUSED),
        (True, False, "withdrawn", timedelta(0), Step.WITHDRAWN),
        (True, False, "objected", SECOND, Step.OBJECTED),
    ]

    @pytest.mark.parametrize(("consented", "accepted", "ended", "lapses", "step"), TABLE)
    def test_table(self, consented, accepted, ended, lapses, step):
        answer = policies.step_of(
            consented=consented, accepted=accepted, ended=ended, lapses_at=NOW + lapses, now=NOW
        )
        assert answer is step


class TestWhyNotPropose:
    #  the proposer's State, the owner's, the proposed one, why not
    TABLE = [
        ("SV", "SV", "MX", None),
        ("MX", "SV", "GT", "joining-not-yours"),
        ("SV", "SV", "ZZ", "unknown-state"),
        ("SV", "SV", "GT", "state-in-already"),
        ("SV", "SV", "SV", "state-in-already"),
    ]

    @pytest.mark.parametrize(("state", "owner", "proposed", "why"), TABLE)
    def test_table(self, state, owner, proposed, why):
        answer = policies.why_not_propose(
            actor=actor("ana", state), owner=owner, state=proposed, known=ALL, taken={"SV", "GT"}
        )
        assert answer == why


class TestObjectionsUntil:
    #  States that are in, urgent, how long they may object
    TABLE = [
        ({"SV"}, False, None),
        ({"SV", "MX"}, False, limits.OBJECTION),
        ({"SV", "MX"}, True, None),
    ]

    @pytest.mark.parametrize(("joined", "urgent", "lasts"), TABLE)
    def test_table(self, joined, urgent, lasts):
        until = policies.objections_until(owner="SV", joined=joined, urgent=urgent, now=NOW)
        assert until == (None if lasts is None else NOW + lasts)


class TestWhyNotConsent:
    #  step, own proposal, the proposer stands, what was seen, why not
    TABLE = [
        (Step.CONSENT, False, True, "d", None),
        (Step.CONSENT, True, True, "d", "joining-own"),
        (Step.CONSENT, False, False, "d", "joining-over"),
        (Step.CONSENT, False, True, "other", "joining-changed"),
        (Step.VOID, False, True, "d", "joining-hand-stopped"),
        *(
            (step, False, True, "d", "joining-over")
            for step in Step
            if step not in {Step.CONSENT, Step.VOID}
        ),
    ]

    @pytest.mark.parametrize(("step", "own", "stands", "seen", "why"), TABLE)
    def test_table(self, step, own, stands, seen, why):
        answer = policies.why_not_consent(step=step, own=own, stands=stands, digest="d", seen=seen)
        assert answer == why


class TestWhyNotAccept:
    #  who, step, what was seen, the window ends in, why not
    TABLE = [
        ("boris", Step.ACCEPTANCE, "d", None, None),
        ("boris", Step.ACCEPTANCE, "d", timedelta(0), None),
        ("boris", Step.ACCEPTANCE, "d", SECOND, "joining-window"),
        ("boris", Step.ACCEPTANCE, "other", None, "joining-changed"),
        ("ana", Step.ACCEPTANCE, "d", None, "joining-own"),
        ("clara", Step.ACCEPTANCE, "d", None, "joining-own"),
        ("boris", Step.VOID, "d", None, "joining-hand-stopped"),
        *(
            ("boris", step, "d", None, "joining-over")
            for step in Step
            if step not in {Step.ACCEPTANCE, Step.VOID}
        ),
    ]

    @pytest.mark.parametrize(("who", "step", "seen", "window", "why"), TABLE)
    def test_table(self, who, step, seen, window, why):
        answer = policies.why_not_accept(
            step=step,
            actor=actor(who, "MX"),
            hands={"ana", "clara"},
            stand=True,
            digest="d",
            seen=seen,
            stopped=False,
            until=None if window is None else NOW + window,
            now=NOW,
        )
        assert answer == why

    def test_waits_while_whoever_consented_is_stopped(self):
        answer = policies.why_not_accept(
            step=Step.ACCEPTANCE,
            actor=actor("boris", "MX"),
            hands=set(),
            stand=False,
            digest="d",
            seen="d",
            stopped=True,
            until=None,
            now=NOW,
        )
        assert answer == "joining-hand-stopped"

    def test_is_over_once_a_hand_that_it_stands_on_could_not_be_given_any_more(self):
        answer = policies.why_not_accept(
            step=Step.ACCEPTANCE,
            actor=actor("boris", "MX"),
            hands={"ana", "clara"},
            stand=False,
            digest="d",
            seen="d",
            stopped=False,
            until=None,
            now=NOW,
        )
        assert answer == "joining-over"


class TestWhyNotWithdrawOrObject:
    #  the actor's State, step, the window ends in, why not withdraw, why not object
    TABLE = [
        ("SV", Step.CONSENT, None, None, "joining-not-yours"),
        ("SV", Step.ACCEPTANCE, SECOND, None, "joining-not-yours"),
        ("SV", Step.LAPSED, None, "joining-over", "joining-not-yours"),
        ("MX", Step.ACCEPTANCE, SECOND, "joining-not-yours", None),
        ("MX", Step.ACCEPTANCE, timedelta(0), "joining-not-yours", "joining-over"),
        ("MX", Step.ACCEPTANCE, None, "joining-not-yours", "joining-over"),
        ("MX", Step.WITHDRAWN, SECOND, "joining-not-yours", "joining-over"),
    ]

    @pytest.mark.parametrize(("state", "step", "window", "withdraw", "object_"), TABLE)
    def test_table(self, state, step, window, withdraw, object_):
        who, until = actor("ana", state), None if window is None else NOW + window
        found = (
            policies.why_not_withdraw(actor=who, owner="SV", step=step),
            policies.why_not_object(actor=who, owner="SV", step=step, until=until, now=NOW),
        )
        assert found == (withdraw, object_)

    def test_whoever_it_waits_for_refuses_what_is_open_and_nothing_else(self):
        found = {step for step in Step if policies.why_not_end(step=step) is None}
        assert found == {Step.CONSENT, Step.ACCEPTANCE}


class TestProposalDigest:
    SAID = {
        "case": "c",
        "reference": "SV-2026-0001",
        "state": "MX",
        "urgent": False,
        "proposer": "p",
        "at": NOW,
    }

    @pytest.mark.parametrize(
        "other",
        [
            {"case": "d"},
            {"reference": "SV-2026-0002"},
            {"state": "GT"},
            {"urgent": True},
            {"proposer": "q"},
            {"at": NOW + timedelta(milliseconds=1)},
        ],
    )
    def test_is_another_for_whatever_differs(self, other):
        assert policies.proposal_digest(**self.SAID) != policies.proposal_digest(
            **{**self.SAID, **other}
        )

    def test_is_what_browsers_make_of_what_they_show(self):
        """The same value stands in frontend/src/effects/joinings.test.ts."""
        made = policies.proposal_digest(**self.SAID)
        assert made == "02b0397aa7e4cf408429c66dcfbc66be477d3306a24e3b0ca088efc65ee295f7"

    @given(at=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
    def test_tells_moments_by_whole_milliseconds_as_json_does(self, at):
        whole = at.replace(microsecond=at.microsecond // 1000 * 1000)
        assert policies.proposal_digest(**{**self.SAID, "at": at}) == policies.proposal_digest(
            **{**self.SAID, "at": whole}
        )
