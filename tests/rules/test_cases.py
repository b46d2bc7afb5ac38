"""Every worked case of every rule, in both engines; and that the cases would see a wrong rule."""

from __future__ import annotations

import json

import pytest

from requests_mla.rulebook import source
from requests_mla.rulebook.check import mistaken, table_of
from requests_mla.rules import engine
from tests.rules.engines import in_node

SOURCES = [one for one in source.read()[0] if one.kind == "rule"]
CASES = [(one.data["id"], case) for one in SOURCES for case in one.data["cases"]]


@pytest.fixture(scope="module")
def rules(book):
    return {rule.id: rule for rule in book.rules}


class TestEveryWorkedCase:
    @pytest.mark.parametrize(
        ("rule", "case"), CASES, ids=[f"{rule}: {case['name']}" for rule, case in CASES]
    )
    def test_gives_what_its_case_expects(self, rule, case, rules, book):
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
    """A rule with an expression turned round or forgotten disappoints one of its own cases."""

    def test_is_seen(self, source, rules, book):
        rule = rules[source.data["id"]]
        cases = [
            (table_of(rule, one["facts"], book), one["expect"]) for one in source.data["cases"]
        ]
        mistakes = list(mistaken(rule))
        assert mistakes
        for what, cel, wrong in mistakes:
            outcomes = [engine.decide(wrong, table) for table, _ in cases]
            assert outcomes != [expected for _, expected in cases], f"{what}: {cel}"
