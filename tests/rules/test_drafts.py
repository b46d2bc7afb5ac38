"""The realistic drafts: every defect is seen that a rule looks for, and nothing else is."""

from __future__ import annotations

import re

import pytest
import rfc8785

from requests_mla.rules import engine
from tests.rules.engines import in_node
from tests.rules.fixtures import ALARM, MISSED, NO_RULE, differences, fixtures, found

FIXTURES = list(fixtures())
ON_BOTH_SIDES = {"BZ", "CA", "CR", "DO", "GT", "HN", "MX", "NI", "PA", "SV", "US"}
JOURNEYS = {
    ("SV", "MX", "bank_records"),
    ("GT", "US", "videoconference"),
    ("BZ", "DO", "documents_records"),  # only UNTOC binds the two
    ("DO", "PA", "freeze_assets"),  # Panama's declaration on dual criminality
    ("CA", "CR", "witness_statement"),  # in French
}
INVENTED = re.compile(
    "fictici|inventad|imaginari|supuest|inexistente|madeup|fictional|invented|inventé|supposée"
    "|imaginaire|contrayentes|congregación",
    re.IGNORECASE,
)


def kinds(one) -> set[str]:
    return {measure["type"] for measure in one.draft["measures"]}


class TestTheDrafts:
    def test_are_about_every_state_on_both_sides(self):
        assert len(FIXTURES) >= 40
        assert {one.draft["requesting_state"] for one in FIXTURES} == ON_BOTH_SIDES
        assert {one.draft["requested_state"] for one in FIXTURES} == ON_BOTH_SIDES

    def test_ask_for_many_kinds_of_assistance(self):
        assert len(set().union(*map(kinds, FIXTURES))) >= 25

    @pytest.mark.parametrize("journey", sorted(JOURNEYS), ids=" ".join)
    def test_hold_each_journey_well_and_badly_written(self, journey):
        one, other, kind = journey
        pair = [
            draft
            for draft in FIXTURES
            if (draft.draft["requesting_state"], draft.draft["requested_state"]) == (one, other)
        ]
        assert any(draft.clean and kind in kinds(draft) for draft in pair)
        assert any(draft.expect for draft in pair)

    def test_are_judged_alike_in_the_browser(self, book, rulebook):
        theirs = in_node(rulebook, (["screen", one.draft, one.stage] for one in FIXTURES))
        for one, their in zip(FIXTURES, theirs, strict=True):
            mine = engine.screen(book, one.draft, stage=one.stage)
            assert rfc8785.dumps([finding.as_json() for finding in mine]) == their, one.file

    def test_have_the_shape_that_a_reader_asks_for(self, rulebook):
        flaws = in_node(rulebook, (["flaw", one.draft] for one in FIXTURES))
        assert set(flaws) == {b"null"}, dict(
            zip((one.file for one in FIXTURES), flaws, strict=True)
        )

    def test_name_only_people_and_firms_who_are_plainly_invented(self):
        names = [
            (draft.file, person["name"])
            for draft in FIXTURES
            for person in draft.draft["persons"]
            if "name" in person and "fictional" not in draft.file
        ]
        real = [one for one in names if not INVENTED.search(one[1]) and one[1] != "Persona A"]
        assert real == []


@pytest.mark.parametrize("fixture", FIXTURES, ids=[one.file for one in FIXTURES])
class TestARealisticDraft:
    def test_shows_every_defect_that_a_rule_looks_for(self, fixture, book):
        seen = found(book, fixture).items()
        wanted = {one for one in fixture.expect.items() if not one[0].startswith(NO_RULE)}
        missed = {rule for rule, _ in wanted - seen}
        assert missed == {rule for file, rule in differences(MISSED) if file == fixture.file}

    def test_shows_nothing_else(self, fixture, book):
        more = set(found(book, fixture)) - set(fixture.expect)
        assert more == {rule for file, rule in differences(ALARM) if file == fixture.file}

    def test_can_be_ready_if_it_is_clean(self, fixture, book):
        blocking = {rule.id for rule in book.rules if rule.severity == "blocks"}
        failed = {rule for rule, out in found(book, fixture).items() if out == engine.FAILED}
        assert not (fixture.clean and failed & blocking)
