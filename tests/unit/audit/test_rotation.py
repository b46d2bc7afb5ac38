"""A log's key follows another: whose word that takes, and what a policy makes of it."""

from __future__ import annotations

import json

import pytest

from audit.tlog.errors import Malformed, Unproven
from audit.tlog.policy import Policy, brought_up
from audit.tlog.rotation import Rotation
from tests.unit.audit.rotations import (
    END,
    FILE,
    FIRST,
    MALFORMED,
    SECOND,
    START,
    UNPROVEN,
    A,
    B,
    C,
    vector,
)

VECTOR = json.loads(FILE.read_text(encoding="utf-8"))
NOTES = VECTOR["checkpoint"]
RIVAL = Rotation.of_line(VECTOR["rival_line"])
ALONE = f"log {A.public}\nquorum none\n"
WITNESSED = f"log {A.public}\nwitness de {VECTOR['witness']}\nquorum de\n"


class TestAStatement:
    def test_is_that_of_the_vectors(self):
        assert vector() == VECTOR

    def test_names_both_keys_and_both_times(self):
        said = Rotation.parse(VECTOR["first"])
        assert (said.origin, said.start, said.end) == ("dir.example", START, END)
        assert (said.old, said.new) == (A.public, B.public)
        assert Rotation.of_line(said.line()) == said

    @pytest.mark.parametrize("what", MALFORMED)
    def test_is_none(self, what):
        with pytest.raises(Malformed):
            Rotation.parse(MALFORMED[what])

    @pytest.mark.parametrize("what", UNPROVEN)
    def test_proves_nothing(self, what):
        with pytest.raises(Unproven):
            Rotation.parse(UNPROVEN[what])


class TestAPolicy:
    def test_learns_the_keys_that_follow_on_its_own_one_after_the_other(self):
        policy = Policy.parse(ALONE).learn([SECOND, FIRST])
        assert policy.logs == [A.public, B.public, C.public]
        assert policy.open(NOTES["c"]).checkpoint.size == 7

    def test_is_itself_not_changed_by_what_another_learns_from_it(self):
        policy = Policy.parse(ALONE)
        policy.learn([FIRST])
        with pytest.raises(Unproven):
            policy.open(NOTES["b"])

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (f"log {C.public}\nquorum none\n", [FIRST]),
            (ALONE, [SECOND]),
            (ALONE, [Rotation.of_line(VECTOR["other_line"])]),
        ],
        ids=["a key that was given up", "a key that it does not know", "another log"],
    )
    def test_learns_nothing_from_a_statement_that_starts_at(self, text, said):
        policy = Policy.parse(text)
        assert policy.learn(said).logs == policy.logs

    def test_keeps_to_the_key_that_it_knows_to_follow(self):
        policy = Policy.parse(ALONE).learn([FIRST]).learn([RIVAL])
        assert RIVAL.new not in policy.logs

    def test_is_not_led_in_a_circle(self):
        circle = Rotation.of_line(VECTOR["circle_line"])
        assert Policy.parse(ALONE).learn([FIRST, circle]).rotations == [FIRST]

    def test_says_by_which_key_its_own_was_preceded(self):
        policy = Policy.parse(f"{FIRST.line()}\nlog {B.public}\nquorum none\n")
        assert policy.open(NOTES["a"]).checkpoint.size == 7

    @pytest.mark.parametrize("line", ["rival_line", "circle_line"])
    def test_does_not_contradict_itself(self, line):
        with pytest.raises(Malformed, match="two keys follow one"):
            Policy.parse(f"{ALONE}{FIRST.line()}\n{VECTOR[line]}\n")

    @pytest.mark.parametrize("what", UNPROVEN)
    def test_with_a_forged_statement_is_none(self, what):
        forged = Rotation.parse(VECTOR["first"])
        line = Rotation(forged.old, forged.new, START, END, UNPROVEN[what]).line()
        with pytest.raises(Malformed, match="line 3"):
            Policy.parse(ALONE + line + "\n")


class TestAKeyThatWasGivenUp:
    def test_counts_under_what_the_quorum_cosigned_before_its_end(self):
        policy = Policy.parse(WITNESSED).learn([FIRST])
        assert policy.open(VECTOR["cosigned"]["in time"]).cosigned == {"de": END - 1}
        with pytest.raises(Unproven, match="given up before"):
            policy.open(VECTOR["cosigned"]["late"])
        assert policy.open(VECTOR["cosigned"]["late, by the new key"])

    def test_counts_for_ever_where_nobody_knows_that_it_was(self):
        assert Policy.parse(WITNESSED).open(VECTOR["cosigned"]["late"])

    def test_counts_without_witnesses_until_its_end_by_the_readers_clock(self):
        policy = Policy.parse(ALONE).learn([FIRST])
        assert policy.open(NOTES["a"], now=END - 1)
        with pytest.raises(Unproven, match="given up before"):
            policy.open(NOTES["a"], now=END)
        assert policy.open(NOTES["ab"], now=END)
        assert policy.open(NOTES["a"])  # a note of its time


class TestTheTextOfAPolicy:
    def test_lists_both_keys_while_both_sign_and_then_the_new_one(self):
        both = brought_up(f"# ours\n{ALONE}", [FIRST], now=END - 1)
        assert both == f"# ours\n{ALONE}log {B.public}\n{FIRST.line()}\n"
        alone = brought_up(both, [FIRST], now=END)
        assert alone == f"# ours\nquorum none\nlog {B.public}\n{FIRST.line()}\n"
        assert brought_up(alone, [FIRST], now=END) == alone

    def test_still_opens_what_the_old_key_signed_alone(self):
        text = brought_up(WITNESSED, [FIRST], now=END)
        assert Policy.parse(text).open(VECTOR["cosigned"]["in time"])

    def test_is_left_as_it_is_where_no_key_changed(self):
        assert brought_up(WITNESSED, []) == WITNESSED
        assert brought_up(WITNESSED, [SECOND]) == WITNESSED
