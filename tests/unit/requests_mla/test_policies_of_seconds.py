"""Which steps take a second hand, whose it may be, and for how long it is waited for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from requests_mla import codes, screening
from requests_mla.codes import Said
from requests_mla.policies import seconding
from requests_mla.policies.seconding import Hand, Wait
from requests_mla.states import Act, Side

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
OURS, THEIRS = Side.REQUESTING, Side.REQUESTED
#  kinds of assistance that are never coercive, as whoever reads the law of them would say
MILD = {
    *("civil_registry", "court_file", "criminal_record", "expert_evidence", "joint_investigation"),
    *("law_information", "locate_person", "migrant_interview", "migration_records", "service"),
    *("spontaneous_info", "transfer_detainee", "transfer_proceedings", "victim_identification"),
    "voluntary_appearance",
}


def takes_two(act, said, *, side=THEIRS, state=THEIRS, types=("bank_records", "service")):
    return codes.takes_two(act, said, side=side, state=state, types=types, mild=MILD)


class TestAStepTakesTwo:
    def test_that_are_these_two_of_the_requested_state_and_no_other(self):
        """Whatever else is said in it, and for whichever State it is done or recorded."""
        said = Said(measures=(0,), evidence=("ab" * 32,))
        two = {
            (act, side, state)
            for act, side, state in product(Act, Side, Side)
            if takes_two(act, said, side=side, state=state)
        }
        assert two == {(Act.ANSWER_PART, THEIRS, THEIRS), (Act.EXECUTE, THEIRS, THEIRS)}

    @pytest.mark.parametrize("act", [Act.ANSWER_PART, Act.EXECUTE])
    @pytest.mark.parametrize(
        ("measures", "evidence", "two"),
        [
            ((0,), (), True),
            ((1,), (), False),
            ((0, 1), (), True),
            ((1,), ("ab" * 32,), True),
        ],
        ids=["coercive", "not", "one of them is", "evidence"],
    )
    def test_where_it_says_so(self, act, measures, evidence, two):
        assert takes_two(act, Said(measures=measures, evidence=evidence)) is two

    @pytest.mark.parametrize("kind", ["", None, "of-some-day"])
    def test_where_nobody_knows_what_was_done(self, kind):
        assert takes_two(Act.EXECUTE, Said(measures=(0,)), types=(kind,))

    def test_by_the_law_as_data(self):
        """What depends on how it is done counts as coercive: search, accounts, a witness too."""
        assert screening.mild() == MILD
        known = set(screening.rulebook().measures)
        assert {"search_seizure", "bank_records", "interception", "freeze_assets"} <= known - MILD
        assert {"witness_statement", "preserve_data", "exhibits", "confiscate"} <= known - MILD


class TestWhoIsTheSecond:
    MARIO = Hand("m", "Mario Ruiz", b"1" * 32)

    #  whose hand it is, and whether it is the same person's
    HANDS = [
        (Hand("n", "Nadia Cruz", b"2" * 32), False),
        (Hand("m", "Nadia Cruz", b"2" * 32), True),
        (Hand("n", "Nadia Cruz", b"1" * 32), True),
        (Hand("n", "MARIO  Ruíz", b"2" * 32), True),
        (Hand("n", "Mario Ruiz Paz"), False),
    ]

    @pytest.mark.parametrize(("other", "same"), HANDS)
    def test_is_another_person_however_many_accounts_they_have(self, other, same):
        assert seconding.is_same(self.MARIO, other) is same
        assert seconding.is_same(other, self.MARIO) is same

    def test_is_one_of_the_others(self):
        among = [self.MARIO, *(one for one, _ in self.HANDS)]
        left = [one for one, same in self.HANDS if not same]
        assert seconding.others_than(self.MARIO, among) == left

    def test_of_unknown_keys_are_no_key_in_common(self):
        assert not seconding.is_same(Hand("m", "Mario"), Hand("n", "Nadia"))


class TestAProposedStep:
    #  urgency, and for how many hours it waits
    @pytest.mark.parametrize(
        ("urgency", "hours"),
        [("normal", 72), ("", 72), (None, 72), ("urgent", 2), ("danger_to_life", 2)],
    )
    def test_waits_three_days_or_two_hours(self, urgency, hours):
        lapses_at = seconding.lapses(NOW, urgency=urgency)
        assert lapses_at == NOW + timedelta(hours=hours)
        for now, wait in ((lapses_at - timedelta(seconds=1), "waits"), (lapses_at, "lapsed")):
            told = {"outcome": "", "lapses_at": lapses_at, "stands": True, "now": now}
            assert seconding.wait_of(**told) == wait

    @pytest.mark.parametrize(
        ("outcome", "stands", "wait"),
        [
            ("", True, Wait.LAPSED),
            ("", False, Wait.STOPPED),
            ("confirmed", False, Wait.CONFIRMED),
            ("declined", True, Wait.DECLINED),
        ],
    )
    def test_stands_as_it_was_decided_or_not(self, outcome, stands, wait):
        told = {"outcome": outcome, "lapses_at": NOW, "stands": stands, "now": NOW}
        assert seconding.wait_of(**told) is wait

    #  how it stands, and why nobody proposes another, or puts the second hand
    TABLE = [
        (None, None, "second-over"),
        (Wait.WAITS, "second-asked", None),
        (Wait.CONFIRMED, None, "second-over"),
        (Wait.DECLINED, None, "second-over"),
        (Wait.LAPSED, None, "second-over"),
        (Wait.STOPPED, None, "second-hand-stopped"),
    ]

    @pytest.mark.parametrize(("wait", "propose", "second"), TABLE)
    def test_table(self, wait, propose, second):
        assert seconding.why_not_propose(wait) == propose
        assert seconding.why_not_second(wait, step="ab", seen="ab") == second
        changed = "second-over" if wait is None else "second-changed"
        assert seconding.why_not_second(wait, step="ab", seen="cd") == changed

    @pytest.mark.parametrize("two", [True, False])
    def test_is_done_by_as_many_hands_as_it_takes(self, two):
        assert seconding.why_not_alone(two=two) == ("second-hand-needed" if two else None)
        assert seconding.why_not_two(two=two) == (None if two else "second-not-asked")
