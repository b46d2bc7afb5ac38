"""What a move says, in codes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from requests_mla.codes import (
    ASKS,
    CLOSES_MEASURES,
    NOT_ON_TERMS,
    REST_ACCEPTED,
    TERMS,
    Said,
    flaws_of,
    why_not_valued,
)
from requests_mla.policies import why_not_measures
from requests_mla.queries import closed_of
from requests_mla.states import ARROWS, SIGNED, Act

SAID = json.loads((Path(__file__).parents[2] / "vectors/move-said.json").read_text("utf-8"))
HASH = "a" * 64
RULES = {"SPEC-1", "SPEC-2"}
#  for each act something that is said rightly
GOOD = {
    Act.ASK_CHANGES: Said(rules=("SPEC-1",)),
    Act.AUTHORISE: Said(power="delegation"),
    Act.TRANSMIT: Said(channel="paper", language="es"),
    Act.CONFIRM: Said(channel="diplomatic"),
    Act.ACKNOWLEDGE: Said(),
    Act.ASK_INFORMATION: Said(due="2026-12-01", rules=("SPEC-2",)),
    Act.GIVE_INFORMATION: Said(),
    Act.BEGIN: Said(),
    Act.ANSWER_PART: Said(measures=(0,), evidence=(HASH,), conditions=("confidential",)),
    Act.EXECUTE: Said(measures=(0, 1)),
    Act.POSTPONE: Said(codes=("P01",), consulted=True, due="2027-01-01"),
    Act.RESUME: Said(),
    Act.RETURN: Said(codes=("D01", "D05"), rules=("SPEC-1",)),
    Act.REFUSE_PART: Said(codes=("R02", "R05"), consulted=True, measures=(1,), terms="no-answer"),
    Act.REFUSE: Said(codes=("R05",), consulted=True, terms="none-possible"),
    Act.WITHDRAW: Said(codes=("no-longer-needed",)),
    Act.EXPIRE: Said(lapsed="limitation", rests_on="2026-11-20"),
    Act.CLOSE: Said(codes=("useful",), keep_until="2031-01-01", assets=("frozen-2", "traced-4")),
}


def flaws(act, said):
    return flaws_of(act, said, rules=RULES, measures=2)


class TestWhatAnActSays:
    def test_is_laid_down_for_every_signed_act(self):
        assert set(ASKS) == set(GOOD) == SIGNED

    @pytest.mark.parametrize("act", sorted(SIGNED))
    def test_is_taken_when_it_is_whole(self, act):
        assert flaws(act, GOOD[act]) == []

    @pytest.mark.parametrize(
        ("act", "field"),
        [(act, field) for act in sorted(SIGNED) for field in sorted(ASKS[act].needs)],
    )
    def test_lacks_what_it_needs(self, act, field):
        assert field in flaws(act, replace(GOOD[act], **{field: type(getattr(Said(), field))()}))

    @pytest.mark.parametrize("act", sorted(SIGNED))
    def test_has_nothing_that_is_another_act_s(self, act):
        full = Said(
            channel="paper",
            language="es",
            agreed=True,
            codes=("R01",),
            rules=("SPEC-1",),
            measures=(0,),
            evidence=(HASH,),
            conditions=("confidential",),
            consulted=True,
            due="2027-01-01",
            proof=HASH,
            keep_until="2027-01-01",
            terms="no-answer",
            lapsed="deadline",
            rests_on="2026-11-20",
            power="acting",
            assets=("frozen-1",),
        )
        assert full.given() == set(full.as_json())
        over = full.given() - ASKS[act].needs - ASKS[act].may
        assert over <= set(flaws(act, full))

    def test_has_both_consulted_before_a_refusal_and_a_postponement(self):
        """UNTOC 18(26) speaks of refusing and of postponing, and of nothing else."""
        needing = {act for act in SIGNED if "consulted" in ASKS[act].needs | ASKS[act].may}
        assert needing == {Act.REFUSE, Act.REFUSE_PART, Act.POSTPONE}
        for act in needing:
            assert flaws(act, replace(GOOD[act], consulted=False)) == ["consulted"]
            (when,) = {one.when for one in ARROWS if one.act is act}
            assert when.startswith("both consulted")

    def test_says_of_a_refusal_what_came_of_discussing_conditions(self):
        """
        UNTOC 18(26): before refusing under 18(21) or postponing under 18(25), both consult.

        They consider whether assistance may be granted subject to terms and conditions; a
        requesting State that accepts these shall comply with them. So what is refused was granted
        on none, and what is granted on some says which.
        """
        taken = {act: asks.chosen["terms"] for act, asks in ASKS.items() if "terms" in asks.chosen}
        assert taken == {Act.REFUSE: NOT_ON_TERMS, Act.REFUSE_PART: TERMS}
        assert set(TERMS) - set(NOT_ON_TERMS) == {REST_ACCEPTED}
        for act, known in taken.items():
            for one in (*TERMS, "whatever"):
                on = ("confidential",) if one == REST_ACCEPTED else ()
                said = replace(GOOD[act], terms=one, conditions=on)
                wrong = [*(["conditions"] if on else []), "terms"]
                assert flaws(act, said) == ([] if one in known else wrong)

    def test_says_the_conditions_on_which_the_rest_is_given_and_no_others(self):
        said = replace(GOOD[Act.REFUSE_PART], terms=REST_ACCEPTED)
        assert flaws(Act.REFUSE_PART, said) == ["conditions"]
        for one in NOT_ON_TERMS:
            said = replace(GOOD[Act.REFUSE_PART], terms=one, conditions=("confidential",))
            assert flaws(Act.REFUSE_PART, said) == ["conditions"]

    @pytest.mark.parametrize(
        ("act", "said", "field"),
        [
            (Act.TRANSMIT, Said(channel="pigeon", language="es"), "channel"),
            (Act.TRANSMIT, Said(channel="paper", language="tlh"), "language"),
            (Act.CONFIRM, Said(channel="oral"), "channel"),
            (Act.CONFIRM, Said(channel="network"), "channel"),
            (Act.RETURN, Said(codes=("R01",), rules=("SPEC-1",)), "codes"),
            (Act.RETURN, Said(codes=("D01", "D01"), rules=("SPEC-1",)), "codes"),
            (Act.RETURN, Said(codes=("D01",), rules=("SPEC-9",)), "rules"),
            (Act.EXECUTE, Said(measures=(2,)), "measures"),
            (Act.EXECUTE, Said(measures=(0, 0)), "measures"),
            (Act.EXECUTE, Said(measures=(0,), conditions=("secret",)), "conditions"),
            (Act.EXECUTE, Said(measures=(0,), evidence=(HASH, HASH)), "evidence"),
            *(
                (Act.CLOSE, Said(codes=("useful",), keep_until="2031-01-01", assets=of), "assets")
                for of in (("frozen-1", "frozen-2"), ("frozen-5",), ("sold-1",), ("frozen-1-1",))
            ),
            (Act.CLOSE, Said(codes=("useful", "not-useful"), keep_until="2031-01-01"), "codes"),
        ],
    )
    def test_names_what_is_known_and_once(self, act, said, field):
        assert flaws(act, said) == [field]


class TestWhatIsSaidAndWasAnswered:
    """The same as every browser finds, by a vector that both read."""

    @pytest.mark.parametrize("case", SAID, ids=[one["name"] for one in SAID])
    def test_fits_its_act(self, case):
        act, said = Act(case["act"]), Said.of(case["said"])
        moves = [
            SimpleNamespace(act=one, said={"measures": places})
            for one, places in case.get("before", [])
        ]
        flaws = flaws_of(act, said, rules=RULES, measures=3)
        closed = closed_of(moves, by=CLOSES_MEASURES)
        why = why_not_measures(act, said.measures, closed=closed, measures=3)
        sent = any(one.act == Act.TRANSMIT for one in moves)
        none = why_not_valued(said, types=case.get("types", ()), sent=sent)
        assert (not flaws and why is None and none is None) == case["fits"]
