"""The server's own rulebook, and what it says about disclosed facts."""

from __future__ import annotations

import pytest

from requests_mla import screening

NOTHING = {
    "requesting_state": "SV",
    "requested_state": "",
    "law_date": "2026-11-24",
    "measures": [],
    "instruments": [],
    "urgency": "",
    "deadline": "",
}


def blocking(*, overridden=(), today="2026-11-24", **said):
    return screening.blocking(NOTHING | said, overridden=overridden, today=today)


class TestVocabulary:
    def test_is_the_rulebooks(self):
        known = screening.vocabulary()
        assert {"SV", "MX", "US", "PA"} <= set(known.states)
        assert "UNTOC-18" in known.instruments
        assert "danger_to_life" in known.urgency
        assert len(known.measures) > 20

    def test_knows_what_may_never_be_overridden(self):
        assert "BASIS-IN-FORCE" not in screening.vocabulary().overridable


class TestBlocking:
    @pytest.mark.parametrize("state", ["", "MX", "US", "PA"])
    def test_names_blocking_rules_only_each_once(self, state):
        known = screening.vocabulary()
        severity = {rule.id: rule.severity for rule in screening.rulebook().rules}
        found = blocking(
            requested_state=state,
            measures=[*sorted(known.measures), "", None],
            instruments=[*sorted(known.instruments), "", None],
            urgency="danger_to_life",
            deadline="2026-12-01",
            today="2026-11-25",
        )
        assert found == sorted(set(found))
        assert {severity[rule] for rule in found} <= {"blocks"}

    def test_takes_what_is_marked_unknown(self):
        blocking(urgency=None, deadline=None, measures=[None], instruments=[None])
