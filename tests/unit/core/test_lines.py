"""What may stand as a name, and which names look alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casehub.core.lines import folded, is_line, is_same_name
from casehub.directory.statements import ChainBroken, instant

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/lines.json").read_text("utf-8"))
NAMES = json.loads((Path(__file__).parents[2] / "vectors/names.json").read_text("utf-8"))


class TestALine:
    """The browser's tests read the same vectors."""

    @pytest.mark.parametrize("given", VECTORS["good"], ids=lambda one: one["what"])
    def test_may_be(self, given):
        assert is_line(given["text"])

    @pytest.mark.parametrize("given", VECTORS["bad"], ids=lambda one: one["what"])
    def test_may_not_be_or_hold(self, given):
        assert not is_line(given["text"])

    @pytest.mark.parametrize("given", VECTORS["instants"], ids=lambda one: one["text"])
    def test_of_an_instant_is_of_a_year_that_everybody_writes_alike(self, given):
        if given["good"]:
            instant(given["text"])
            return
        with pytest.raises(ChainBroken) as broken:
            instant(given["text"])
        assert broken.value.why == "malformed"


class TestNamesThatLookAlike:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("José Ruiz", "JOSE  RUIZ"),
            ("Mary O\u2019Neill", "Mary O'Neill"),
            ("Ana Ruiz-Gil", "Ana Ruiz Gil"),
            ("Ana Ruiz", "\u0410n\u0430 Ruiz"),
            ("Maria", "\u039caria"),
        ],
    )
    def test_are_one_when_folded(self, one, other):
        assert folded(one) == folded(other)

    def test_are_not_all_names(self):
        assert folded("Ana Ruiz") != folded("Ana Ruis")


class TestNames:
    """The same as every browser finds, by a vector that both read."""

    @pytest.mark.parametrize("case", NAMES, ids=[f"{one['one']}, {one['other']}" for one in NAMES])
    def test_are_one_to_whoever_reads_quickly(self, case):
        assert is_same_name(case["one"], case["other"]) is case["same"]
        assert is_same_name(case["other"], case["one"]) is case["same"]
