"""Drafts made at random, screened here and in the browser's engine: the same bytes."""

from __future__ import annotations

import itertools
import json

import pytest
import rfc8785

from requests_mla.rules import engine, propose
from tests.rules import DRAFTS, golden
from tests.rules.drafts_at_random import draft
from tests.rules.engines import in_node

pytestmark = pytest.mark.timeout(900)  # all drafts, on a machine that does other things too

DATES = ["1999-12-31", "2004-02-01", "2026-11-24"]
CATEGORIES = [[], ["smuggling"], ["corruption", "laundering"], ["drugs", "other"]]
MEASURES = [[], ["bank_records"], ["content_data", "service"], ["preserve_data"]]


def as_bytes(findings) -> bytes:
    return rfc8785.dumps([finding.as_json() for finding in findings])


@pytest.fixture(scope="module")
def made(book, drafts):
    return [draft(book, number) for number in range(drafts)]


@pytest.fixture(scope="module")
def findings(book, made):
    return [engine.screen(book, one, stage=stage) for one, stage in made]


class TestBothEngines:
    def test_know_the_same_rulebook(self, book, rulebook):
        assert json.loads(in_node(rulebook, [["version"]])[0]) == book.version

    def test_find_the_same_in_every_draft(self, rulebook, made, findings):
        theirs = in_node(rulebook, (["screen", one, stage] for one, stage in made))
        differing = [
            number
            for number, (mine, other) in enumerate(zip(findings, theirs, strict=True))
            if as_bytes(mine) != other
        ]
        assert differing == []

    def test_find_what_they_found_before(self, findings):
        """After a change of the rulebook: look at what changes, then renew (docs/rules.md)."""
        now, before = golden.counts(findings), golden.kept_counts(len(findings))
        changed = {
            rule: f"{before.get(rule)} -> {now.get(rule)}"
            for rule in sorted(now.keys() | before.keys())
            if now.get(rule) != before.get(rule)
        }
        assert changed == {}, f"Findings changed. If the change is meant: {golden.RENEW}"
        assert golden.blocks(findings) == golden.kept()[: len(findings) // golden.BLOCK], (
            f"Findings changed. If the change is meant: {golden.RENEW}"
        )

    def test_propose_the_same_for_every_pair(self, book, rulebook):
        tasks = [
            (*pair, date, categories, measures)
            for pair in itertools.permutations(book.states, 2)
            for date in DATES
            for categories, measures in zip(CATEGORIES, MEASURES, strict=True)
        ]
        theirs = in_node(rulebook, (["propose", *task] for task in tasks))
        for (one, other, date, categories, measures), their in zip(tasks, theirs, strict=True):
            mine = propose.proposal(
                book, one, other, date=date, categories=categories, measures=measures
            )
            assert rfc8785.dumps(mine) == their


class TestDisclosedFacts:
    def test_give_the_server_the_outcome_that_the_whole_draft_gives(
        self, book, rulebook, made, findings
    ):
        told = map(json.loads, in_node(rulebook, (["disclosed", one] for one, _ in made)))
        disclosed = {rule.id for rule in book.rules if rule.disclosed}
        assert disclosed
        for facts, (one, stage), whole in zip(told, made, findings, strict=True):
            overridden = {item["rule"] for item in one["overrides"] if item["reason"].strip()}
            server = engine.screen_disclosed(book, facts, stage=stage, overridden=overridden)
            assert list(server) == [finding for finding in whole if finding.rule in disclosed]


class TestRulesAboutOneThing:
    def test_never_contradict_each_other(self, book, findings):
        """Neither passes where the other fails, unless one of them says that it yields."""
        rules = [one for one in book.document["rules"] if "about" in one]
        pairs = [
            (one["id"], other["id"])
            for one, other in itertools.combinations(rules, 2)
            if one["about"] == other["about"]
            and other["id"] not in one.get("yields_to", ())
            and one["id"] not in other.get("yields_to", ())
        ]
        wrong = set()
        for found in findings:
            outcome = {one.rule: one.outcome for one in found}
            wrong |= {
                pair
                for pair in pairs
                if {outcome.get(pair[0]), outcome.get(pair[1])} == {engine.MET, engine.FAILED}
            }
        assert wrong == set()


class TestTheDrafts:
    def test_reach_every_outcome(self, findings):
        reached = {finding.outcome for one in findings for finding in one}
        assert reached == {
            engine.MET, engine.FAILED, engine.ASK, engine.NOT_APPLICABLE, engine.OVERRIDDEN,
        }  # fmt: skip

    def test_make_every_rule_apply(self, book, findings):
        if len(findings) < DRAFTS:
            pytest.skip("some drafts are too few for every rule")
        applied = {
            finding.rule
            for one in findings
            for finding in one
            if finding.outcome in {engine.MET, engine.FAILED, engine.OVERRIDDEN}
        }
        assert {rule.id for rule in book.rules} - applied == set()
