"""Why not, around a draft: one table a policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from casehub.core.actor import Actor
from requests_mla import limits, policies
from requests_mla.codes import ANSWERS
from requests_mla.policies import Candidate, Vocabulary
from requests_mla.states import ARROWS, WRITTEN_ON, Stage

ANA = Actor(id="ana", account="", state="SV", roles=frozenset(), office="", session="")
KNOWN = Vocabulary(
    states={"SV", "MX"},
    measures={"bank_records"},
    instruments={"UNTOC-18"},
    urgency={"normal", "urgent"},
    overridable={"FACTS-NEXUS"},
)
EMPTY = {
    "requesting_state": "SV",
    "requested_state": "",
    "law_date": "2026-11-24",
    "measures": [],
    "instruments": [],
    "urgency": "",
    "deadline": "",
}


class TestWhyNotEnter:
    #  in the case, of the State, in force, already in: why not
    TABLE = [
        (True, True, True, False, None),
        (True, True, True, True, "already-in"),
        (True, True, False, False, "person-unknown"),
        (True, True, False, True, "person-unknown"),
        (True, False, True, False, "draft-own-state"),
        (True, False, False, False, "draft-own-state"),
    ]

    @pytest.mark.parametrize(("in_case", "own_state", "in_force", "already", "why"), TABLE)
    def test_table(self, in_case, own_state, in_force, already, why):
        candidate = Candidate(in_case, own_state, in_force, already)
        assert policies.why_not_enter(candidate) == why

    @pytest.mark.parametrize("rest", list(product([True, False], repeat=3)))
    def test_says_the_same_of_everybody_outside_the_case(self, rest):
        assert policies.why_not_enter(Candidate(False, *rest)) == "not-found"


class TestWhyNotByLawOf:
    #  the day of the law, on 24 November: why not ready
    TABLE = [
        ("2026-11-24", None),
        ("2026-11-25", None),  # somewhere it is tomorrow already
        ("2026-11-26", "law-date-ahead"),
        ("9999-12-31", "law-date-ahead"),
        ("2026-10-25", None),
        ("2026-10-24", "law-date-old"),
        ("1900-01-01", "law-date-old"),
    ]

    @pytest.mark.parametrize(("law_date", "why"), TABLE)
    def test_table(self, law_date, why):
        assert policies.why_not_by_law_of(law_date, today=date(2026, 11, 24)) == why


class TestWhyNotKeep:
    DAY, SHARE = limits.DAY_BYTES, limits.SHARE_BYTES
    #  bytes; kept of the day; kept of the request: why not
    TABLE = [
        (limits.VERSION_BYTES, 0, 0, None),
        (1, DAY - 1, 0, None),
        (1, DAY, 0, "version-day-full"),
        (2, DAY - 1, 0, "version-day-full"),
        (1, 0, SHARE - 1, None),
        (1, 0, SHARE, "version-share-full"),
        (1, DAY, SHARE, "version-share-full"),  # waiting would not help
    ]

    @pytest.mark.parametrize(("size", "of_day", "of_request", "why"), TABLE)
    def test_table(self, size, of_day, of_request, why):
        found = policies.why_not_keep(size=size, of_day=of_day, of_request=of_request)
        assert found == why


class TestWhyNotShutOut:
    #  whom, of Ana's draft; present: why not
    TABLE = [
        ("bea", True, None),
        ("ana", True, "drafter-stays"),
        ("bea", False, "not-found"),
        ("ana", False, "not-found"),
    ]

    @pytest.mark.parametrize(("person", "present", "why"), TABLE)
    def test_table(self, person, present, why):
        assert policies.why_not_shut_out(person=person, drafter="ana", present=present) == why


class TestWhyNotWrite:
    #  who has the turn, the stage: why may Ana not save
    TABLE = [
        ("ana", Stage.DRAFT, None),
        ("ana", Stage.READY, None),
        ("bea", Stage.DRAFT, "turn-taken"),
        (None, Stage.DRAFT, "turn-needed"),
        ("ana", Stage.TRANSMITTED, "stage-closed"),
        ("bea", Stage.TRANSMITTED, "stage-closed"),
        (None, Stage.CLOSED, "stage-closed"),
    ]

    @pytest.mark.parametrize(("holder", "stage", "why"), TABLE)
    def test_table(self, holder, stage, why):
        assert policies.why_not_write(actor=ANA, holder=holder, stage=stage) == why


class TestWhyNotSetAside:
    #  roles, whether a rule that blocks is left aside: why not
    TABLE = [
        ({"liaison"}, False, None),
        ({"liaison"}, True, "exception-coordinator"),
        ({"coordinator"}, True, None),
        ({"liaison", "coordinator"}, True, None),
        (set(), True, "exception-coordinator"),
    ]

    @pytest.mark.parametrize(("roles", "blocking", "why"), TABLE)
    def test_table(self, roles, blocking, why):
        who = replace(ANA, roles=frozenset(roles))
        assert policies.why_not_set_aside(who, blocking=blocking) == why


class TestStages:
    @pytest.mark.parametrize("stage", Stage)
    def test_only_what_was_not_sent_or_came_back_is_edited_or_opened_to_more(self, stage):
        why = None if stage in WRITTEN_ON else "stage-closed"
        assert policies.why_not_edit(stage) == why
        assert policies.why_not_admit(stage) == why

    @pytest.mark.parametrize("stage", Stage)
    def test_only_a_draft_a_checked_or_a_ready_request_is_attested(self, stage):
        attested = {Stage.DRAFT, Stage.SELF_CHECK, Stage.READY}
        assert policies.why_not_attest(stage) == (None if stage in attested else "stage-closed")

    @pytest.mark.parametrize(
        ("stage", "ready", "to"),
        [
            (Stage.DRAFT, False, Stage.SELF_CHECK),
            (Stage.SELF_CHECK, False, Stage.SELF_CHECK),
            (Stage.READY, False, Stage.READY),
            (Stage.DRAFT, True, Stage.READY),
            (Stage.SELF_CHECK, True, Stage.READY),
        ],
    )
    def test_follow_what_was_attested(self, stage, ready, to):
        assert policies.stage_attested(stage, ready=ready) is to


class TestFlawsOf:
    #  what is disclosed besides nothing: the places that are refused
    TABLE = [
        ({}, []),
        ({"requested_state": "MX"}, []),
        ({"requested_state": "SV"}, ["requested_state"]),
        ({"requested_state": "ZZ"}, ["requested_state"]),
        ({"requesting_state": "MX"}, ["requesting_state"]),
        ({"measures": ["bank_records", "bank_records"]}, []),
        ({"measures": ["", None]}, []),
        ({"measures": ["", "gossip", "bank_records", "rumour"]}, ["measures.1", "measures.3"]),
        ({"instruments": ["UNTOC-18", None, ""]}, []),
        ({"instruments": ["UNTOC-19"]}, ["instruments.0"]),
        ({"urgency": "urgent"}, []),
        ({"urgency": None}, []),
        ({"urgency": "yesterday"}, ["urgency"]),
        ({"urgency": "yesterday", "measures": ["x"]}, ["measures.0", "urgency"]),
    ]

    @pytest.mark.parametrize(("said", "flaws"), TABLE)
    def test_table(self, said, flaws):
        found = policies.flaws_of(EMPTY | said, known=KNOWN, requesting_state="SV")
        assert found == flaws


class TestNotOverridable:
    #  overridden rules: the places that are refused
    TABLE = [
        ([], []),
        (["FACTS-NEXUS"], []),
        (["BASIS-IN-FORCE", "FACTS-NEXUS", "nothing"], ["overridden.0", "overridden.2"]),
    ]

    @pytest.mark.parametrize(("overridden", "flaws"), TABLE)
    def test_table(self, overridden, flaws):
        assert policies.not_overridable(overridden, known=KNOWN) == flaws


class TestConsulting:
    @pytest.mark.parametrize("stage", Stage)
    def test_is_about_what_was_screened_and_goes_somewhere(self, stage):
        here = stage is Stage.SELF_CHECK
        why = None if here else "consultation-stage"
        assert policies.why_not_consult(stage, requested_state="MX") == why
        nowhere = "addressee-needed" if here else "consultation-stage"
        assert policies.why_not_consult(stage, requested_state="") == nowhere

    #  whose, what came of it, where the request stands: why not answered
    ANSWERING = [
        ("MX", "", Stage.INFORMAL_CONSULTATION, None),
        ("SV", "", Stage.INFORMAL_CONSULTATION, "consultation-not-yours"),
        ("MX", "favourable", Stage.INFORMAL_CONSULTATION, "consultation-over"),
        ("MX", "withdrawn", Stage.SELF_CHECK, "consultation-over"),
        ("MX", "", Stage.WITHDRAWN, "consultation-over"),
    ]

    @pytest.mark.parametrize(("own", "outcome", "stage", "why"), ANSWERING)
    def test_is_answered_by_the_state_that_was_asked_once(self, own, outcome, stage, why):
        found = policies.why_not_answer(own=own, state="MX", outcome=outcome, stage=stage)
        assert found == why

    def test_has_an_arrow_for_each_answer(self):
        here = {one.act for one in ARROWS if one.before is Stage.INFORMAL_CONSULTATION}
        assert set(policies.ANSWERED_BY) == set(ANSWERS)
        assert set(policies.ANSWERED_BY.values()) <= here

    @pytest.mark.parametrize(
        ("hour", "outcome"), [(9, "withdrawn"), (10, "not_answered"), (11, "not_answered")]
    )
    def test_is_not_answered_only_when_its_time_is_over(self, hour, outcome):
        due, now = (datetime(2026, 12, 1, at, tzinfo=UTC) for at in (10, hour))
        assert policies.outcome_unanswered(due=due, now=now) == outcome
