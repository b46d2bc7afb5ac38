"""What rules say: met, failed, a question, not applicable, set aside."""

from __future__ import annotations

import pytest

from requests_mla.rules import book as books
from requests_mla.rules import engine
from requests_mla.rules.book import Span
from tests.unit.requests_mla.rules.conftest import make_draft

TOLD = {"summary": "uno dos tres", "fair": "yes"}


@pytest.fixture
def say(little):
    def of(rule: str, **sections):
        found = engine.screen(little, make_draft(**sections), stage="draft")
        return next(one for one in found if one.rule == rule)

    return of


class TestARule:
    @pytest.mark.parametrize(
        ("facts", "outcome"),
        [
            (TOLD, "met"),
            ({**TOLD, "summary": "uno"}, "failed"),
            ({"summary": "uno"}, "failed"),  # known to be false, whatever else is unknown
            ({"summary": "uno dos tres"}, "ask"),
        ],
    )
    def test_passes_fails_or_asks(self, say, facts, outcome):
        assert say("FACTS-TOLD", facts=facts).outcome == outcome

    def test_does_not_apply_where_it_says_so(self, say):
        assert say("FACTS-TOLD", measures=[{"type": "service"}]).outcome == "not_applicable"

    def test_asks_where_it_is_unknown_whether_it_applies(self, say):
        finding = say("FACTS-TOLD", facts=TOLD, measures=[{}], unknown=["measures.0.type"])
        assert finding.outcome == "ask"

    def test_names_the_facts_it_used(self, say):
        assert say("FACTS-TOLD", facts=TOLD).as_json() == {
            "rule": "FACTS-TOLD",
            "outcome": "met",
            "facts": {"facts_fair": "yes", "facts_summary_words": 3, "measures_type": []},
        }

    def test_can_be_set_aside_with_a_reason(self, say):
        overrides = [{"rule": "FACTS-TOLD", "reason": "consta"}]
        facts = {**TOLD, "fair": "no"}
        assert say("FACTS-TOLD", facts=facts, overrides=overrides).outcome == "overridden"
        assert say("FACTS-TOLD", facts=TOLD, overrides=overrides).outcome == "met"

    def test_stays_failed_if_it_may_not_be_set_aside(self, say):
        bases, overrides = (
            [{"instrument": "BUDAPEST-185"}],
            [{"rule": "BASIS-BINDS", "reason": "r"}],
        )
        assert say("BASIS-BINDS", legal_basis=bases, overrides=overrides).outcome == "failed"


class TestARuleAboutEachItem:
    @pytest.mark.parametrize(
        ("ages", "outcome", "items"),
        [
            ([30, 17], "failed", [(0, "met"), (1, "failed")]),
            ([30, None], "ask", [(0, "met"), (1, "ask")]),
            ([30], "met", [(0, "met")]),
            ([], "not_applicable", []),
        ],
    )
    def test_says_the_gravest(self, say, ages, outcome, items):
        finding = say("CHILD-ALONE", persons=[{"role": "witness", "age": age} for age in ages])
        assert finding.outcome == outcome
        assert [(one["item"], one["outcome"]) for one in finding.as_json()["items"]] == items

    def test_leaves_out_items_it_does_not_concern(self, say):
        persons = [{"role": "suspect", "age": 3}, {"role": "witness", "age": 30}]
        assert [one.item for one in say("CHILD-ALONE", persons=persons).items] == [1]

    def test_prefers_a_question_to_what_was_set_aside(self, say):
        persons = [{"role": "witness", "age": 3}, {"role": "witness"}]
        overrides = [{"rule": "CHILD-ALONE", "reason": "r"}]
        finding = say("CHILD-ALONE", persons=persons, overrides=overrides)
        assert [one.outcome for one in finding.items] == ["overridden", "ask"]
        assert finding.outcome == "ask"


class TestScreening:
    def test_applies_the_law_of_the_drafts_date(self, little):
        def rules(law_date):
            draft = make_draft(law_date=law_date)
            return [one.rule for one in engine.screen(little, draft, stage="draft")]

        now = ["BASIS-BINDS", "CHILD-ALONE", "FACTS-TOLD", "SOON-ENOUGH"]
        assert rules("2026-11-24") == now
        assert rules("2009-12-31") == [*now, "WAS-THE-LAW"]
        assert rules("2010-01-01") == now
        assert rules("2003-09-28") == []

    def test_of_disclosed_facts_asks_only_rules_that_need_no_more(self, little):
        disclosed = {
            "requesting_state": "SV",
            "requested_state": "MX",
            "law_date": "2026-11-24",
            "measures": ["service", None],
            "instruments": ["BUDAPEST-185", None],
            "urgency": "urgent",
            "deadline": "2026-11-01",
        }
        found = engine.screen_disclosed(little, disclosed, stage="ready")
        assert [(one.rule, one.outcome) for one in found] == [
            ("BASIS-BINDS", "failed"),
            ("SOON-ENOUGH", "failed"),
        ]
        aside = engine.screen_disclosed(
            little, disclosed, stage="ready", overridden=["SOON-ENOUGH", "BASIS-BINDS"]
        )
        assert [one.outcome for one in aside] == ["failed", "overridden"]
        asked = {**disclosed, "urgency": None, "instruments": []}
        assert [one.outcome for one in engine.screen_disclosed(little, asked, stage="ready")] == [
            "not_applicable",
            "ask",
        ]


class TestASpan:
    @pytest.mark.parametrize(
        ("begin", "end", "day", "holds"),
        [
            ("2004-01-28", None, "2004-01-28", True),
            ("2004-01-28", None, "2004-01-27", False),
            ("2004", None, "2004-01-01", True),
            ("2004", "2010-01-01", "2010-01-01", False),
            ("2004", "2010-01-01", "2009-12-31", True),
            (None, None, "2026-01-01", None),
            (None, "2010-01-01", "2026-01-01", False),
            ("not_yet", None, "2999-01-01", False),
            ("", None, "1000-01-01", True),
        ],
    )
    def test_holds_from_its_first_day_until_before_its_end(self, begin, end, day, holds):
        assert Span(begin, end).holds(day) is holds


class TestABook:
    def test_of_another_format_is_refused(self):
        with pytest.raises(ValueError, match="format 99"):
            books.read(b'{"format": 99}')
