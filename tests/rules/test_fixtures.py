"""The realistic drafts speak of what exists; how well they are judged: make bench-screening."""

from __future__ import annotations

import pytest

from tests.rules.fixtures import FOUND, NO_RULE, fixtures, found

FIXTURES = list(fixtures())


@pytest.mark.parametrize("fixture", FIXTURES, ids=[one.file for one in FIXTURES])
class TestARealisticDraft:
    def test_names_rules_and_outcomes_that_exist(self, fixture, book):
        rules = {rule.id for rule in book.rules}
        named = {one for one in fixture.expect if not one.startswith(NO_RULE)}
        assert named | set(fixture.clean_of) <= rules
        assert set(fixture.expect.values()) <= FOUND

    def test_raises_no_alarm_where_it_is_clean(self, fixture, book):
        assert set(found(book, fixture)) & set(fixture.clean_of) == set()

    def test_fills_in_questions_that_the_form_has(self, fixture, book):
        sections = {one.id: {field.key for field in one.fields} for one in book.sections}
        sections["measures"].add("fields")
        given = {name: fixture.draft.get(name, {}) for name in sections}
        strange = [
            f"{name}.{key}"
            for name, value in given.items()
            for item in (value if isinstance(value, list) else [value])
            for key in item
            if key not in sections[name]
        ]
        assert strange == []
