"""The chain as both languages judge it: tests/vectors/chain.json, written by the browser's side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casehub.core.frames import from_b64u
from casehub.directory.chain import Chain
from casehub.directory.statements import ChainBroken, Statement, instant, parse

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
