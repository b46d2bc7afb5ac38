"""Whether a rule's warning is right: what came back for it, set aside and not."""

from __future__ import annotations

from itertools import chain

import pytest

from tests.unit.indicators.logged import request
from tests.unit.indicators.test_figures import SENT, counted, figures


class TestTheEffectOfARule:
    def test_compares_what_came_back_with_and_without_it_set_aside(self):
        back = (6, "return", ("codes:D05",))
        found = counted(
            request("a", SENT, back, aside=["LANG-1"]),
            request("b", SENT, (9, "execute"), aside=["LANG-1"]),
            request("c", SENT, (9, "execute")),
            request("d", SENT, (7, "ask-information")),
        )
        assert found["rule:LANG-1"] == {
            "aside-faulty": 1,
            "aside-right": 1,
            "met-right": 1,
            "met-faulty": 1,
        }

    def test_is_that_what_came_back_for_that_rule_or_was_asked_about(self):
        """What came back for another rule says nothing of this one."""
        mine, other = ((6, "return", ("codes:D05", f"rules:{one}")) for one in ("LANG-1", "OTHER"))
        found = counted(
            request("a", SENT, mine, aside=["LANG-1"]),
            request("b", SENT, other, aside=["LANG-1"]),
            request("c", SENT, (7, "ask-information", ("rules:LANG-1",))),
            request("d", SENT, (7, "ask-information", ("rules:OTHER",))),
            request("e", SENT, (7, "ask-information")),
        )
        assert found["rule:LANG-1"] == {
            "aside-faulty": 1,
            "aside-right": 1,
            "met-faulty": 2,
            "met-right": 1,
        }

    @pytest.mark.parametrize(
        ("few", "many"),
        [
            (("return", "LANG-1"), ("return", "OTHER")),
            (("return", "OTHER"), ("return", "LANG-1")),
            (("ask-information", "LANG-1"), ("return", "LANG-1")),
            (("ask-information", "OTHER"), ("ask-information", "LANG-1")),
        ],
    )
    def test_is_not_told_where_a_few_came_back_for_it_or_for_others(self, few, many):
        """`first-time-right` says how many came back at all, and the rule how many for it."""
        stories = []
        for at, (step, rule) in enumerate([few] * 2 + [many] * 8):
            end = (6, step, (f"rules:{rule}",))
            stories.append(request(f"f{at}", SENT, end, aside=["LANG-1"] if at > 4 else []))
        right = [request(f"r{at}", SENT, (9, "execute"), aside=["LANG-1"] * (at % 2)) for at in
                 range(12)]  # fmt: skip
        found = figures(chain.from_iterable([*stories, *right]), state="SV")["counts"]
        (row,) = (one for one in found if one["code"] == "rule:LANG-1")
        assert set(row["cells"].values()) == {None}

    def test_is_told_where_there_are_enough_of_each(self):
        back = [(6, "return", (f"rules:{rule}",)) for rule in ["LANG-1"] * 10 + ["OTHER"] * 10]
        stories = [
            request(f"f{at}", SENT, end, aside=["LANG-1"] * (at % 2)) for at, end in enumerate(back)
        ]
        found = figures(chain.from_iterable(stories), state="SV")["counts"]
        (row,) = (one for one in found if one["code"] == "rule:LANG-1")
        assert row["cells"] == {
            "aside-faulty": 5,
            "aside-right": 5,
            "met-faulty": 5,
            "met-right": 5,
        }
        assert row["whole"] == 20

    def test_shows_nothing_of_rules_that_nobody_set_aside(self):
        found = counted(request("a", SENT, (9, "execute")))
        assert not [code for code in found if code.startswith("rule:")]

    def test_is_preceded_by_how_often_each_was_set_aside(self):
        found = counted(request("a", aside=["B", "A"]), request("b", aside=["A"]), request("c"))
        assert found["set-aside"] == {"A": 2, "B": 1}
