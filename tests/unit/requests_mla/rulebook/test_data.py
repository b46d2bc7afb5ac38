"""The lawyers' files as a whole: all is there, in three languages, and says how it is known."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from requests_mla.rulebook.load import rulebook

ROOT = Path(__file__).parents[4] / "requests_mla" / "rulebook"
LANGUAGES = {"es", "en", "fr"}
AUTHORITY = re.compile(r"\.prosecution\.")  # named as it names itself
# Names, years, and words that two languages write alike.
ALIKE = set(
    """
    1877.|1956.|1966.|1979.|INTERPOL|Belize|Canada|Costa Rica|El Salvador|Guatemala|Honduras
    Nicaragua|Panama|Annexes|Article I.|Confiscation|Coordination|Corruption|Date|Expert
    Exploitation|Favorable|Federal.|Normal|Original|Police|Protection|Question|Signature|Suspect
    Urgente
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)


@pytest.fixture(scope="module")
def document():
    return rulebook().document


def inside(value, at=""):
    """Return all groups of `name: value` in a document, each with its place."""
    if isinstance(value, dict):
        yield at, value
        for key, one in value.items():
            yield from inside(one, f"{at}.{key}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from inside(one, f"{at}.{number}")


class TestTheFiles:
    @pytest.mark.parametrize(
        ("kind", "count"),
        [("sections", 28), ("measures", 37), ("instruments", 26), ("states", 11)],
    )
    def test_are_not_fewer_than_at_the_start(self, document, kind, count):
        assert len(document[kind]) >= count

    @pytest.mark.parametrize("kind", ["sections", "measures"])
    def test_say_everything_in_three_languages(self, document, kind):
        for at, group in inside(document[kind]):
            if group.keys() & LANGUAGES:
                assert group.keys() == LANGUAGES, at
                assert all(group.values()), at

    @pytest.mark.parametrize("kind", ["sections", "measures", "rules", "instruments", "states"])
    def test_are_translated_but_for_words_that_are_alike(self, document, kind):
        """A name, a year, a word that two languages write alike: each was looked at."""
        alike = {
            text
            for at, group in inside(document[kind])
            if group.keys() >= LANGUAGES and not AUTHORITY.search(at)
            for one, other in combinations(sorted(LANGUAGES), 2)
            if (text := str(group[one])) == str(group[other])
        }
        assert alike - ALIKE == set()

    def test_hold_every_word_that_is_said_to_be_alike(self, document):
        texts = {str(text) for _, group in inside(document) for text in group.values()}
        assert ALIKE - texts == set()

    @pytest.mark.parametrize("kind", ["sections", "measures"])
    def test_offer_no_option_twice(self, document, kind):
        for at, group in inside(document[kind]):
            values = [option["value"] for option in group.get("options", ())]
            assert len(values) == len(set(values)), at

    def test_say_where_a_choice_comes_from(self, document):
        for kind in ("sections", "measures"):
            for one in document[kind]:
                for field in one["fields"]:
                    chosen = field["kind"] in ("choice", "choices")
                    assert chosen == bool(field.keys() & {"options", "from"}), (one["id"], field)

    def test_name_no_path_of_a_machine(self):
        for path in ROOT.rglob("*.yaml"):
            assert not re.search(r"/work/|/tmp/|/home/", path.read_text("utf-8")), path


class TestWhatIsKnown:
    def test_was_read_somewhere(self, document):
        for instrument in document["instruments"]:
            for key, article in instrument.get("articles", {}).items():
                if article["verification"] == "read":
                    assert article["sources"], (instrument["id"], key)

    def test_is_not_sure_when_unknown(self, document):
        for state in document["states"]:
            for key, fact in state["facts"].items():
                if fact["value"] == "unknown":
                    assert fact["confidence"] == "low", (state["id"], key)
                elif fact["confidence"] == "high":
                    assert fact["sources"], (state["id"], key)

    def test_is_the_same_set_of_facts_for_every_state(self, document):
        assert len({frozenset(state["facts"]) for state in document["states"]}) == 1

    def test_has_a_source_for_every_party(self, document):
        for instrument in document["instruments"]:
            for iso, party in instrument["parties"].items():
                if party["party"] == "yes":
                    assert party["sources"], (instrument["id"], iso)
                    assert party["from"], (instrument["id"], iso)

    def test_is_said_of_every_state_by_every_instrument(self, document):
        states = {state["id"] for state in document["states"]}
        for instrument in document["instruments"]:
            assert instrument["parties"].keys() == states, instrument["id"]
