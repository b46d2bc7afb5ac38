"""The chain as both languages judge it: tests/vectors/chain.json, written by the browser's side."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from casehub.core.frames import from_b64u
from casehub.directory.chain import Chain, Entry
from casehub.directory.fingerprints import words, words_of
from casehub.directory.statements import (
    WORD_BITS,
    WORDS,
    ChainBroken,
    fingerprint,
    instant,
    parse,
)

FILE = Path(__file__).parents[2] / "vectors" / "chain.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
STATEMENTS = [parse(wire) for wire in VECTORS["statements"]]
CLAIMED = ("state", "person", "device", "signature_key", "history_key", "serial")


def replayed(case: dict) -> Chain:
    roots = {state: from_b64u(key, most=32) for state, key in case["roots"].items()}
    return Chain(entries_of(case), roots=roots)


def entries_of(case: dict) -> list[Entry]:
    return [
        Entry(index, instant(at), None if which is None else STATEMENTS[which])
        for index, (at, which) in enumerate(case["entries"])
    ]


def judge(case: dict, chain: Chain) -> str | None:
    """Return why the device that an identity names may not read, or None if it may."""
    identity = case["identity"]
    try:
        claimed = {name: identity[name] for name in CLAIMED}
        chain.reader(claimed, now=instant(case["now"]), size=case["size"])
    except ChainBroken as broken:
        return broken.why
    return None


class TestChainVectors:
    @pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
    def test_a_case_is_judged_as_the_browser_judges_it(self, case):
        chain, expected = replayed(case), case["expect"]
        assert list(chain.refused.values()) == case["refused"]
        assert judge(case, chain) == (None if expected["ok"] else expected["why"])
        if not {"effective", "functions"} & expected.keys():
            return
        bound = chain.person(expected["person"], now=instant(case["now"]), size=case["size"])
        assert sorted(bound.functions) == expected.get("functions", sorted(bound.functions))
        if "effective" in expected:
            assert bound.effective == instant(expected["effective"])

    @pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
    def test_a_case_says_the_same_entry_by_entry(self, case):
        whole, growing = replayed(case), replayed(case | {"entries": []})
        for entry in entries_of(case):
            growing.extend([entry])
        assert (growing.refused, judge(case, growing)) == (whole.refused, judge(case, whole))

    @pytest.mark.parametrize("case", VECTORS["malformed"], ids=lambda case: case["name"])
    def test_a_malformed_statement_is_refused_as_it_is_read(self, case):
        with pytest.raises(ChainBroken) as refused:
            parse(case["statement"])
        assert refused.value.why == "malformed"

    @pytest.mark.parametrize("case", VECTORS["fingerprints"], ids=lambda case: case["words"])
    def test_people_compare_the_same_words_of_a_key_everywhere(self, case):
        key = from_b64u(case["key"], most=32)
        assert (fingerprint(key), words_of(key)) == (case["indices"], case["words"])

    @pytest.mark.parametrize("case", VECTORS["digests"], ids=lambda case: case["digest"][:8])
    def test_a_statement_has_one_name_everywhere(self, case):
        assert parse(VECTORS["statements"][case["statement"]]).digest == case["digest"]

    def test_every_reason_of_the_table_is_met(self):
        met = {case["expect"].get("why") for case in VECTORS["cases"]} - {None}
        met |= {why for case in VECTORS["cases"] for why in case["refused"]}
        assert met == {
            "no-root",
            "no-designation",
            "designation-not-yet",
            "designation-expired",
            "no-binding",
            "person-revoked",
            "state-stopped",
            "no-device",
            "device-not-yet",
            "device-expired",
            "device-revoked",
            "key-mismatch",
            "reads-no-more",
            "root-unsigned",
            "officer-unsigned",
            "designation-unsigned",
            "binding-unsigned",
            "device-unsigned",
            "reads-nothing",
            "revocation-unsigned",
            "reinstatement-unsigned",
            "stop-unsigned",
            "lift-unsigned",
            "serial-known",
            "issued-early",
            "issued-late",
            "superseded",
            "term",
            "roles-incompatible",
            "not-consulted",
            "person-of-another",
            "key-known",
            "device-known",
            "nothing-revoked",
            "nothing-stopped",
        }


class TestWords:
    def test_are_told_apart_by_their_first_four_letters_whatever_accents_somebody_hears(self):
        bare = [
            "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
            for word in words()
        ]
        assert len(words()) == len({word[:4] for word in bare}) == 2**WORD_BITS

    def test_carry_sixty_bits_and_more(self):
        assert WORDS * WORD_BITS >= 60
