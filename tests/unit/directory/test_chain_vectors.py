"""The chain as both languages judge it: tests/vectors/chain.json, written by the browser's side."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from casehub.core.frames import from_b64u
from casehub.directory.chain import Chain
from casehub.directory.fingerprints import words, words_of
from casehub.directory.statements import (
    WORD_BITS,
    WORDS,
    ChainBroken,
    Statement,
    fingerprint,
    instant,
    parse,
)

FILE = Path(__file__).parents[2] / "vectors" / "chain.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
ROOTS = {state: from_b64u(key, most=32) for state, key in VECTORS["roots"].items()}


def judge(case: dict) -> str | None:
    """Return why the device that an identity names may not act, or None if it may."""
    identity = case["identity"]
    read = [parse(VECTORS["statements"][at]) for at in case["statements"]]
    chain = Chain(read, roots=ROOTS, now=instant(case["now"]))
    named = [s for s in read if s.type == "device" and s.fields["serial"] == identity["serial"]]
    # A serial is the signer's to choose: others may have used it too, without effect.
    reasons = [why_not(chain, statement, identity) for statement in named]
    return None if None in reasons else [*reasons, "no-device"][0]


def why_not(chain: Chain, statement: Statement, identity: dict) -> str | None:
    try:
        device = chain.device(statement)
    except ChainBroken as broken:
        return broken.why
    named = (
        device.state,
        device.person,
        device.device,
        device.signature_key,
        device.history_key,
    )
    claimed = (
        identity["state"],
        identity["person"],
        identity["device"],
        from_b64u(identity["signature_key"], most=32),
        from_b64u(identity["history_key"], most=32),
    )
    return None if named == claimed else "key-mismatch"


class TestChainVectors:
    @pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
    def test_a_case_is_judged_as_the_browser_judges_it(self, case):
        expected = case["expect"]
        assert judge(case) == (None if expected.get("ok") else expected["why"])

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
        assert met == {
            "no-designation",
            "designation-unsigned",
            "designation-not-yet",
            "designation-expired",
            "no-binding",
            "binding-unsigned",
            "person-revoked",
            "no-device",
            "device-unsigned",
            "device-not-yet",
            "device-expired",
            "device-revoked",
            "key-mismatch",
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
