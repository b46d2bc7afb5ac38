"""Why not, around the moves of a request: by whom, by which way, of which day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.directory.statements import instant
from requests_mla import policies
from requests_mla.codes import LAPSED, Said
from requests_mla.policies import dating, why_not_by, why_not_measures
from requests_mla.policies.dating import why_not_on
from requests_mla.states import ARROWS, Act, Side, Stage

CENTRE = policies.Party(Side.REQUESTING, frozenset({"central-authority"}))
#  told by the browser's own tests too: what one side refuses, the other does
VECTORS = Path(__file__).parents[2] / "vectors"
DAYS = json.loads((VECTORS / "move-days.json").read_text("utf-8"))
EXPIRIES = json.loads((VECTORS / "move-expiry.json").read_text("utf-8"))


#  a liaison whose designation says that they sign, and who reads a draft without that
LIAISON = policies.Party(Side.REQUESTING, frozenset({"liaison", "signatory"}))
UNSIGNED = policies.Party(Side.REQUESTING, frozenset({"coordinator", "focal-point"}))
PLAIN = policies.Party(Side.REQUESTING, frozenset({"liaison"}))
#  what is a signatory's to do, and where
SIGNING = (
    (Act.AUTHORISE, Stage.READY),
    (Act.ASK_CHANGES, Stage.SELF_CHECK),
    (Act.WITHDRAW, Stage.AUTHORISED),
)
OF_SIGNING = [
    *((LIAISON, *what, None) for what in SIGNING),
    *((who, *what, "signatory-needed") for who in (UNSIGNED, PLAIN) for what in SIGNING),
]


class TestMoves:
    HOME = policies.Party(Side.REQUESTING, frozenset({"coordinator", "signatory"}))
    DRAFTS = policies.Party(Side.REQUESTING, frozenset({"liaison"}), wrote=True)
    #  who coordinates, and reads no draft
    BARE = policies.Party(Side.REQUESTING, frozenset())

    #  who, the act, the stage: why not
    TABLE = [
        (HOME, Act.AUTHORISE, Stage.READY, None),
        (replace(HOME, wrote=True), Act.AUTHORISE, Stage.READY, "own-request"),
        (replace(HOME, wrote=True), Act.ASK_CHANGES, Stage.SELF_CHECK, "own-request"),
        (replace(HOME, wrote=True), Act.WITHDRAW, Stage.READY, None),
        (HOME, Act.WITHDRAW, Stage.AUTHORISED, None),
        (replace(HOME, wrote=True), Act.WITHDRAW, Stage.AUTHORISED, "own-request"),
        (CENTRE, Act.WITHDRAW, Stage.AUTHORISED, None),
        (replace(CENTRE, wrote=True), Act.WITHDRAW, Stage.AUTHORISED, "own-request"),
        (replace(CENTRE, wrote=True), Act.WITHDRAW, Stage.TRANSMITTED, None),
        (BARE, Act.CLOSE, Stage.EXECUTED, "move-not-yours"),
        (replace(BARE, files=True), Act.CLOSE, Stage.EXECUTED, None),
        (replace(BARE, files=True), Act.CLOSE, Stage.RETURNED, None),
        (replace(BARE, files=True), Act.CLOSE, Stage.TRANSMITTED, "move-not-here"),
        (replace(BARE, files=True), Act.WITHDRAW, Stage.READY, "move-not-yours"),
        *OF_SIGNING,
        (replace(LIAISON, wrote=True), Act.AUTHORISE, Stage.READY, "own-request"),
        (UNSIGNED, Act.WITHDRAW, Stage.READY, None),
        (CENTRE, Act.AUTHORISE, Stage.READY, "move-not-yours"),
        (replace(UNSIGNED, side=Side.REQUESTED), Act.AUTHORISE, Stage.READY, "move-not-yours"),
        (LIAISON, Act.TRANSMIT, Stage.AUTHORISED, "move-not-yours"),
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
        held = {"coordinator", "central-authority", "signatory", "focal-point"}
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
        ("deadline", "rests_on", "why"),
        [
            ("2026-11-23", "2026-11-23", None),
            ("2026-11-23", "2026-11-22", "deadline-ahead"),
            ("2026-11-24", "2026-11-24", "deadline-ahead"),
            ("", "2026-11-23", "deadline-ahead"),
            (None, "2026-11-23", "deadline-ahead"),
        ],
    )
    def test_expire_after_their_deadline(self, deadline, rests_on, why):
        assert self.why_not(Said(lapsed="deadline", rests_on=rests_on), deadline) == why

    @pytest.mark.parametrize(
        ("lapsed", "rests_on", "why"),
        [
            ("limitation", "2026-11-23", None),
            ("limitation", "2026-11-24", "deadline-ahead"),
            ("proceeding-ended", "2026-11-24", None),
            ("proceeding-ended", "2026-11-25", "deadline-ahead"),
        ],
    )
    def test_expire_by_what_needs_no_deadline(self, lapsed, rests_on, why):
        assert self.why_not(Said(lapsed=lapsed, rests_on=rests_on), None) == why

    @pytest.mark.parametrize("case", EXPIRIES, ids=[one["name"] for one in EXPIRIES])
    def test_expire(self, case):
        said = Said(lapsed=case["lapsed"], rests_on=case["rests_on"])
        on, today = date.fromisoformat(case["on"]), date(2027, 1, 1)
        why = policies.why_not_expire(said, deadline=case["deadline"], on=on, today=today)
        assert why == (None if case["fits"] else "deadline-ahead")

    @pytest.mark.parametrize("lapsed", LAPSED)
    def test_expire_on_no_day_before_that_which_it_rests_on(self, lapsed):
        said = Said(lapsed=lapsed, rests_on="2026-11-23")
        assert self.why_not(said, "2026-11-23", on=date(2026, 11, 22)) == "deadline-ahead"

    def why_not(self, said, deadline, on=date(2026, 11, 24)):
        today = date(2026, 11, 24)
        return policies.why_not_expire(said, deadline=deadline, on=on, today=today)


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
        done = [(*one, self.AT) for one in moves]
        assert (policies.unconfirmed_since(done) == self.AT) is waits
        assert policies.why_not_confirm(done) == (None if waits else "move-not-here")


class TestTheChannel:
    @pytest.mark.parametrize("channel", ["paper", "diplomatic", "electronic"])
    def test_of_the_central_authorities_is_always_open(self, channel):
        assert (
            why_not_by(channel, agreed=False, urgency="normal", measures=["content_data"]) is None
        )

    @pytest.mark.parametrize("channel", ["interpol", "oral"])
    @pytest.mark.parametrize(
        ("urgency", "agreed", "why"),
        [
            ("urgent", True, None),
            ("danger_to_life", True, None),
            ("urgent", False, "channel-urgent"),
            ("priority", True, "channel-urgent"),
            ("", True, "channel-urgent"),
            (None, True, "channel-urgent"),
        ],
    )
    def test_by_word_or_interpol_is_for_what_is_urgent_and_agreed(
        self, channel, urgency, agreed, why
    ):
        assert why_not_by(channel, agreed=agreed, urgency=urgency, measures=[]) == why

    @pytest.mark.parametrize(
        ("measures", "why"),
        [
            (["preserve_data"], None),
            (["preserve_data", "preserve_data"], None),
            (["preserve_data", "content_data"], "channel-preservation"),
            ([None], "channel-preservation"),
            ([], "channel-preservation"),
        ],
    )
    def test_at_all_hours_is_for_preservation_which_waits_for_nothing(self, measures, why):
        assert why_not_by("network", agreed=False, urgency="normal", measures=measures) == why


SOME = st.sets(st.integers(0, 5))


class TestMeasures:
    @given(said=SOME, answered=SOME, measures=st.integers(0, 6))
    def test_are_answered_once_and_all_of_them_when_executed(self, said, answered, measures):
        left = set(range(measures)) - answered
        part = why_not_measures(Act.ANSWER_PART, said, closed=answered, measures=measures)
        refused = why_not_measures(Act.REFUSE_PART, said, closed=answered, measures=measures)
        assert refused == part
        whole = why_not_measures(Act.EXECUTE, said, closed=answered, measures=measures)
        assert (part is None) == (said <= left and bool(left - said))
        assert (whole is None) == (said == left)

    def test_are_no_other_act_s_business(self):
        assert why_not_measures(Act.BEGIN, [], closed=[], measures=3) is None


def clocks(move, row):
    side = Side(move["side"])
    return dating.clocks_of(side, move["state"], requested_state=row["requested"])


class TestTheDay:
    @pytest.mark.parametrize("row", DAYS, ids=[one["name"] for one in DAYS])
    def test_is_one_that_can_be_by_the_clocks_of_both_states(self, row):
        move = row["move"]
        firsts = [
            dating.first_day(
                dating.Dated(date.fromisoformat(one["on"]), clocks(one, row)), clocks(move, row)
            )
            for one in row["before"]
        ]
        found = why_not_on(
            date.fromisoformat(move["on"]),
            first=max(firsts, default=date(2026, 1, 1)),
            signed=instant(move["issued"]),
            due="",
            keep_until="",
        )
        assert found == row["why"]

    @pytest.mark.parametrize(
        ("due", "keep_until", "why"),
        [
            ("2026-11-24", "", None),
            ("2026-11-23", "", "move-due-before"),
            ("", "2026-11-23", "move-due-before"),
            ("2026-11-25", "2026-11-24", None),
            ("", "2046-11-24", None),
            ("", "2046-11-25", "move-kept-too-long"),
            ("", "9999-12-31", "move-kept-too-long"),
        ],
    )
    def test_is_not_after_what_is_due_or_kept_nor_is_that_kept_beyond_the_longest_class(
        self, due, keep_until, why
    ):
        day, noon = date(2026, 11, 24), datetime(2026, 11, 24, 12, tzinfo=UTC)
        assert why_not_on(day, first=day, signed=noon, due=due, keep_until=keep_until) == why


class TestLetters:
    @pytest.mark.parametrize(
        ("held", "drafts", "sent", "reads"),
        [
            ({"central-authority"}, False, True, True),
            ({"central-authority"}, False, False, False),
            ({"coordinator"}, False, True, False),
            ({"coordinator"}, True, True, True),
            ({"liaison"}, True, False, False),
            (set(), True, True, True),
            (set(), False, True, False),
        ],
    )
    def test_are_read_by_who_carries_or_drafts_what_was_sent(self, held, drafts, sent, reads):
        assert policies.reads_letters(held, drafts=drafts, sent=sent) is reads

    @pytest.mark.parametrize(
        ("held", "side", "drafts", "authorised", "reads"),
        [
            ({"central-authority"}, Side.REQUESTING, False, True, True),
            ({"central-authority"}, Side.REQUESTING, False, False, False),
            ({"central-authority"}, Side.REQUESTED, False, True, False),
            ({"coordinator"}, Side.REQUESTING, False, True, False),
            ({"liaison"}, Side.REQUESTING, True, True, True),
            ({"liaison"}, Side.REQUESTING, True, False, False),
            ({"liaison"}, Side.REQUESTED, True, True, False),
            (set(), Side.REQUESTING, True, True, True),
        ],
    )
    def test_to_ones_own_are_read_by_who_drafts_and_ones_own_central_authority(
        self, held, side, drafts, authorised, reads
    ):
        found = policies.reads_home_letters(held, side=side, drafts=drafts, authorised=authorised)
        assert found is reads
