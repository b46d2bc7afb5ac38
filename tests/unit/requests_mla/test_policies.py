"""Why not, around a draft: one table a policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from casehub.core.actor import Actor
from requests_mla import limits, policies
from requests_mla.policies import Candidate, Vocabulary
from requests_mla.states import ARROWS, WRITTEN_ON, Act, Side, Stage

ANA = Actor(id="ana", account="", state="SV", roles=frozenset(), office="", session="")
KNOWN = Vocabulary(
    states={"SV", "MX"},
    measures={"bank_records"},
    instruments={"UNTOC-18"},
    urgency={"normal", "urgent"},
    overridable={"FACTS-NEXUS"},
)
CENTRE = policies.Party(Side.REQUESTING, frozenset({"central-authority"}))
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


class TestMoves:
    HOME = policies.Party(Side.REQUESTING, frozenset({"coordinator"}))

    #  who, the act, the stage: why not
    TABLE = [
        (HOME, Act.AUTHORISE, Stage.READY, None),
        (replace(HOME, wrote=True), Act.AUTHORISE, Stage.READY, "own-request"),
        (replace(HOME, wrote=True), Act.ASK_CHANGES, Stage.SELF_CHECK, "own-request"),
        (replace(HOME, wrote=True), Act.WITHDRAW, Stage.READY, None),
        (HOME, Act.AUTHORISE, Stage.DRAFT, "move-not-here"),
        (HOME, Act.TRANSMIT, Stage.AUTHORISED, "move-not-yours"),
        (HOME, Act.TRANSMIT, Stage.CLOSED, "move-not-here"),
        (replace(HOME, side=Side.REQUESTED), Act.ACKNOWLEDGE, Stage.TRANSMITTED, "move-not-yours"),
        (replace(HOME, roles=frozenset()), Act.AUTHORISE, Stage.READY, "move-not-yours"),
        (CENTRE, Act.TRANSMIT, Stage.AUTHORISED, None),
        (CENTRE, Act.ACKNOWLEDGE, Stage.TRANSMITTED, "move-not-yours"),
        (replace(CENTRE, stands_in=True), Act.ACKNOWLEDGE, Stage.TRANSMITTED, None),
        (replace(CENTRE, side=Side.REQUESTED), Act.ACKNOWLEDGE, Stage.TRANSMITTED, None),
        (replace(CENTRE, side=Side.REQUESTED), Act.WITHDRAW, Stage.TRANSMITTED, "move-not-yours"),
    ]

    @pytest.mark.parametrize(("party", "act", "stage", "why"), TABLE)
    def test_table(self, party, act, stage, why):
        assert policies.why_not_move(party, act, stage, []) == why
        assert (act.value in policies.may_do(party, stage, [])) == (why is None)

    def test_of_drafters_need_that_they_read_the_draft(self):
        held = {"coordinator", "central-authority"}
        assert policies.roles_on(held, reads=True) == held
        assert policies.roles_on(held, reads=False) == {"central-authority"}

    @pytest.mark.parametrize(
        ("side", "proof", "why"),
        [
            (Side.REQUESTED, "", "proof-needed"),
            (Side.REQUESTED, "a" * 64, None),
            (Side.REQUESTING, "", None),
            (Side.REQUESTING, "a" * 64, "proof-not-asked"),
        ],
    )
    def test_of_a_state_that_is_not_here_are_recorded_with_proof(self, side, proof, why):
        (found,) = (one for one in ARROWS if one.act is Act.ACKNOWLEDGE)
        arrow = replace(found, side=side)
        assert policies.why_not_proven(arrow, CENTRE, proof=proof) == why

    @pytest.mark.parametrize(("asked", "why"), [("MX", None), ("", "addressee-needed")])
    def test_send_a_request_to_a_state_alone(self, asked, why):
        assert policies.why_not_send(asked) == why

    @pytest.mark.parametrize(
        ("deadline", "why"),
        [
            ("2026-11-23", None),
            ("2026-11-24", "deadline-ahead"),
            ("", "deadline-ahead"),
            (None, "deadline-ahead"),
        ],
    )
    def test_expire_after_their_deadline(self, deadline, why):
        assert policies.why_not_expire(deadline, today=date(2026, 11, 24)) == why


class TestWhatLeftByWord:
    AT = datetime(2026, 11, 24, 3, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("moves", "waits"),
        [
            ([], False),
            ([("transmit", "paper")], False),
            ([("transmit", "oral")], True),
            ([("transmit", "interpol"), ("acknowledge", "")], True),
            ([("transmit", "oral"), ("confirm", "paper")], False),
            ([("transmit", "oral"), ("confirm", "paper"), ("transmit", "interpol")], True),
        ],
    )
    def test_waits_to_be_confirmed_in_writing(self, moves, waits):
        found = policies.unconfirmed_since([(*one, self.AT) for one in moves])
        assert (found == self.AT) is waits


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
