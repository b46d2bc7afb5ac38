"""Every worked case of every rule, in both engines; and that the cases would see a wrong rule."""

from __future__ import annotations

import dataclasses
import json

import pytest

from requests_mla.rulebook import source
from requests_mla.rulebook.check import table_of
from requests_mla.rules import engine
from requests_mla.rules.book import Conjunct
from tests.rules.engines import in_node

SOURCES = [one for one in source.read()[0] if one.kind == "rule"]
CASES = [(one.data["id"], case) for one in SOURCES for case in one.data["cases"]]


def negated(conjuncts):
    """The opposite of a list of conditions: one that holds unless all of them do."""
    needs = sorted({name for one in conjuncts for name in one.needs})
    opposite = lambda facts: not all(one.holds(facts) for one in conjuncts)  # noqa: E731
    return (Conjunct("", needs, opposite),)


@pytest.fixture(scope="module")
def rules(book):
    return {rule.id: rule for rule in book.rules}


class TestEveryWorkedCase:
    @pytest.mark.parametrize(
        ("rule", "case"), CASES, ids=[f"{rule}: {case['name']}" for rule, case in CASES]
    )
    def test_gives_what_the_lawyer_expects(self, rule, case, rules, book):
        table = table_of(rules[rule], case["facts"], book)
        assert engine.decide(rules[rule], table) == case["expect"]

    def test_gives_the_same_in_the_browser(self, rules, book, rulebook):
        tables = [table_of(rules[rule], case["facts"], book) for rule, case in CASES]
        tasks = [("decide", rule, table) for (rule, _), table in zip(CASES, tables, strict=True)]
        answers = map(json.loads, in_node(rulebook, tasks))
        wrong = [
            f"{rule}, {case['name']}: {answer}"
            for (rule, case), answer in zip(CASES, answers, strict=True)
            if answer != case["expect"]
        ]
        assert wrong == []


@pytest.mark.parametrize("source", SOURCES, ids=[one.data["id"] for one in SOURCES])
class TestAWrongRule:
    """A rule turned into its opposite must disappoint at least one of its own cases."""

    def disappoints(self, rule, source, book) -> bool:
        return any(
            engine.decide(rule, table_of(rule, case["facts"], book)) != case["expect"]
            for case in source.data["cases"]
        )

    def test_is_seen_if_it_tests_the_opposite(self, source, rules, book):
        rule = rules[source.data["id"]]
        wrong = dataclasses.replace(rule, test=negated(rule.test))
        assert self.disappoints(wrong, source, book)

    def test_is_seen_if_it_applies_to_the_opposite(self, source, rules, book):
        rule = rules[source.data["id"]]
        wrong = dataclasses.replace(rule, when=negated(rule.when))
        assert self.disappoints(wrong, source, book)

    def test_is_seen_if_it_always_applies(self, source, rules, book):
        rule = rules[source.data["id"]]
        assert not rule.when or self.disappoints(dataclasses.replace(rule, when=()), source, book)
