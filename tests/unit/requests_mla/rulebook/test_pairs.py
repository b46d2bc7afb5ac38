"""Which treaty binds which pair of States: the rulebook against a table made by hand."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from requests_mla.rulebook.load import rulebook
from requests_mla.rules import law

DAY = "2026-11-24"
EVERYWHERE = {"UNTOC-18", "SOM-PROTOCOL"}
PAIRS = YAML(typ="safe", pure=True).load(Path(__file__).with_name("pairs.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def book():
    return rulebook()


LISTED = EVERYWHERE.union(*(PAIRS[pair][answer] for pair in PAIRS for answer in ("yes", "ask")))
WATCHED = {"UN-CYBER-2024", "BUDAPEST-AP2-224"}


def binding(book, pair, answer, day=DAY):
    """Return the treaties of the table whose being in force for a pair of States is `answer`."""
    one, other = pair.split("-")
    return {
        name
        for name in LISTED | WATCHED
        if law.in_force(book.instruments[name], one, other, day) is answer
    }


class TestPairs:
    def test_are_all_pairs_of_the_eleven_states(self, book):
        expected = {frozenset(pair) for pair in combinations(book.states, 2)}
        assert {frozenset(pair.split("-")) for pair in PAIRS} == expected
        assert len(PAIRS) == 55

    @pytest.mark.parametrize("pair", PAIRS)
    def test_are_bound_by_what_the_table_says(self, book, pair):
        assert binding(book, pair, True) == {*PAIRS[pair]["yes"], *EVERYWHERE}

    @pytest.mark.parametrize("pair", PAIRS)
    def test_leave_open_what_is_not_established(self, book, pair):
        assert binding(book, pair, None) == set(PAIRS[pair]["ask"])

    @pytest.mark.parametrize("pair", PAIRS)
    def test_have_no_order(self, book, pair):
        turned = "-".join(reversed(pair.split("-")))
        for answer in (True, False, None):
            assert binding(book, turned, answer) == binding(book, pair, answer)

    @pytest.mark.parametrize(
        ("pair", "instrument", "before", "since"),
        [
            ("CR-MX", "MX-CR-MLAT", "2017-01-31", "2017-02-01"),
            ("PA-US", "BUDAPEST-185", "2014-06-30", "2014-07-01"),
            ("BZ-DO", "UNTOC-18", "2006-11-24", "2006-11-25"),
            ("CR-US", "NASSAU-1992", "2012-04-12", "2012-04-13"),
        ],
    )
    def test_are_bound_from_the_day_of_the_later_state(self, book, pair, instrument, before, since):
        assert instrument not in binding(book, pair, True, before)
        assert instrument in binding(book, pair, True, since)

    def test_are_never_bound_by_a_treaty_still_on_the_watch_list(self, book):
        for pair in PAIRS:
            assert not binding(book, pair, True) & WATCHED
