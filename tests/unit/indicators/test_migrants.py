"""Whether migrants are heard under protection, and what was stopped that would prosecute them."""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.indicators.logged import BEGUN, DAY, request
from tests.unit.indicators.test_figures import SENT, counted, figures

HEARS, PLAN = "migrant_interview", "MIG-PROTECTION"
STOPPED = ("codes:D03", "rules:MIG-NON-LIABILITY")
FEW = {1, 2, 3, 4}


class Heard(NamedTuple):
    """A request that became ready."""

    measures: tuple[str, ...]
    aside: bool
    of: str = "SV"

    def events(self, name):
        return request(name, of=self.of, measures=self.measures, aside=[PLAN] * self.aside)

    @property
    def hears(self):
        return HEARS in self.measures


class Sent(NamedTuple):
    """A request that was sent, and came back or did not."""

    end: tuple[str, tuple[str, ...]]
    of: str = "SV"

    def events(self, name):
        step, said = self.end
        days = 3 if step == "ask-changes" else 9
        end = (days, step, said)
        return request(name, *((end, SENT) if days < SENT[0] else (SENT, end)), of=self.of)


def rows(found, state):
    events = chain.from_iterable(one.events(f"r{n}") for n, one in enumerate(found))
    told = figures(events, state=state)
    return {row["code"]: row for row in (*told["counts"], *told["times"])}


def groups(row):
    return {one["name"]: one["count"] for one in row["groups"]}


def often(*pairs):
    return [one for one, number in pairs for _ in range(number)]


def lists(kind):
    alike = st.tuples(kind, st.integers(1, 12)).map(lambda one: [one[0]] * one[1])
    return st.lists(alike, min_size=1, max_size=5).map(lambda all_: [*chain.from_iterable(all_)])


def leaves_nobody_a_few(found, numbers, about, state):
    """Of one number less the others: to whoever knows none of these lives, and to each State."""
    if None in numbers:
        return
    #  all of them were sent to Mexico
    left = [one for one in found if about(one) and state in ("", "MX", one.of)]
    readers = [""] if state else ["", "SV", "GT"]
    assert not FEW & {sum(reader != one.of for one in left) for reader in readers}


class TestProtection:
    def test_is_counted_of_what_is_to_hear_a_migrant_by_whether_its_rule_was_set_aside(self):
        found = counted(
            request("a", measures=[HEARS]),
            request("b", measures=[HEARS, "search"], aside=[PLAN]),
            request("c", measures=["witness_statement"], aside=[PLAN]),
            request("d", measures=[HEARS], begun=BEGUN + 100 * DAY),
        )
        assert found["protection"] == {"met": 1, "aside": 1}

    def test_is_not_known_to_the_state_that_it_is_asked_of(self):
        story = request("a", SENT, measures=[HEARS], aside=[PLAN])
        assert counted(story, state="MX")["protection"] == {}

    @pytest.mark.parametrize("others", [0, 5])
    def test_is_told_where_there_is_enough_of_each(self, others):
        found = often((Heard((HEARS,), False), 9), (Heard((HEARS,), True), 5),
                      (Heard(("search",), False), others))  # fmt: skip
        row = rows(found, "SV")["protection"]
        assert (row["cells"], row["whole"]) == ({"met": 9, "aside": 5}, 14)

    @pytest.mark.parametrize(
        "few",
        [
            Heard(("search",), False),
            Heard(("search",), True),
            Heard(("search", "bank_records"), False),
            Heard((HEARS, "search"), False),
        ],
    )
    def test_is_not_told_where_what_is_told_elsewhere_leaves_two(self, few):
        found = often((Heard((HEARS,), False), 9), (Heard((HEARS,), True), 9), (few, 2))
        row = rows(found, "SV")["protection"]
        assert row == {"code": "protection", "cells": {"met": None, "aside": None}, "whole": None}

    @settings(deadline=None)
    @given(
        found=lists(
            st.builds(
                Heard,
                st.sampled_from([(HEARS,), (HEARS, "search"), ("search",), ("search", "x")]),
                st.booleans(),
                st.sampled_from(["SV", "SV", "GT"]),
            )
        ),
        state=st.sampled_from(["SV", ""]),
    )
    def test_leaves_nobody_a_number_from_one_to_four(self, found, state):
        told = rows(found, state)
        cells, row = told["protection"]["cells"], told["protection"]
        ready = groups(told["drafting"])
        aside = told["set-aside"]["cells"].get(PLAN, 0)
        all_, alone, several = (ready.get(name, 0) for name in ("", HEARS, "several"))
        for numbers, about in (
            ([cells["met"]], lambda o: o.hears and not o.aside),
            ([cells["aside"]], lambda o: o.hears and o.aside),
            ([row["whole"]], lambda o: o.hears),
            ([all_, row["whole"]], lambda o: not o.hears),
            ([row["whole"], alone], lambda o: o.hears and len(o.measures) > 1),
            ([several, row["whole"], alone], lambda o: not o.hears and len(o.measures) > 1),
            ([aside, cells["aside"]], lambda o: o.aside and not o.hears),
        ):
            leaves_nobody_a_few(found, numbers, about, state)


class TestWhatWasStopped:
    def test_is_what_came_back_or_was_to_be_changed_by_the_rule(self):
        found = counted(
            request("a", (3, "ask-changes", STOPPED[1:])),
            request("b", SENT, (6, "return", STOPPED)),
            request("c", SENT, (6, "return", ("codes:D03", "rules:LANG-1"))),
            request("d", SENT, (6, "ask-information", STOPPED[1:])),
        )
        assert found["non-liability"] == {"changes": 1, "returned": 1}

    def test_counts_once_by_what_stopped_it_first(self):
        back = (6, "return", STOPPED)
        story = request("a", (3, "ask-changes", STOPPED[1:]), SENT, back, (8, "transmit"), back)
        assert counted(story)["non-liability"] == {"changes": 1}

    def test_is_a_return_alone_to_the_state_that_sent_it_back(self):
        """It does not hear what was to be changed before anything was sent."""
        stories = [
            request("a", (3, "ask-changes", STOPPED[1:])),
            request("b", SENT, (6, "return", STOPPED)),
        ]
        found = figures(chain.from_iterable(stories), state="MX")["counts"]
        (row,) = (one for one in found if one["code"] == "received:non-liability")
        assert row["cells"] == {"returned": None}
        assert counted(*stories, state="MX")["received:non-liability"] == {"returned": 1}

    @pytest.mark.parametrize("others", [0, 5])
    def test_is_told_where_there_is_enough(self, others):
        found = often((Sent(("return", STOPPED)), 8), (Sent(("ask-changes", STOPPED[1:])), 6),
                      (Sent(("return", ("codes:D01", "rules:LANG-1"))), others))  # fmt: skip
        row = rows(found, "SV")["non-liability"]
        assert row["cells"] == {"changes": 6, "returned": 8}

    def test_is_not_told_where_two_others_came_back(self):
        other = Sent(("return", ("codes:D03", "rules:LANG-1")))
        told = rows(often((Sent(("return", STOPPED)), 8), (other, 2)), "SV")
        assert told["returns"]["cells"] == {"D03": 10}
        assert told["non-liability"]["cells"]["returned"] is None

    @settings(deadline=None)
    @given(
        found=lists(
            st.builds(
                Sent,
                st.sampled_from(
                    [
                        ("return", STOPPED),
                        ("return", ("codes:D03", "rules:LANG-1")),
                        ("return", ("codes:D01", "rules:LANG-1")),
                        ("ask-changes", STOPPED[1:]),
                        ("execute", ()),
                    ]
                ),
                st.sampled_from(["SV", "SV", "GT"]),
            )
        ),
        state=st.sampled_from(["SV", "MX", ""]),
    )
    def test_leaves_nobody_a_number_from_one_to_four(self, found, state):
        told = rows(found, state)
        prefix = "received:" if state == "MX" else ""
        cells = told[f"{prefix}non-liability"]["cells"]
        returned, codes = cells["returned"], told[f"{prefix}returns"]["cells"]
        back = [told[f"{prefix}first-time-right"]["cells"]["returned"], returned]
        for numbers, about in (
            ([returned], lambda o: o.end == ("return", STOPPED)),
            ([cells.get("changes", 0)], lambda o: not prefix and o.end[0] == "ask-changes"),
            (back, lambda o: o.end[0] == "return" and o.end[1] != STOPPED),
            (
                [codes.get("D03", 0), returned],
                lambda o: o.end[1][:1] == STOPPED[:1] and o.end[1] != STOPPED,
            ),
        ):
            leaves_nobody_a_few(found, numbers, about, state)
