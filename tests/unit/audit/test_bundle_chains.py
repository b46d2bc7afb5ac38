"""The chains that a bundle's entries tell; the browser's twin reads the same vectors."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from audit.bundles import checking
from audit.bundles.explaining import Chain, Happened, Step, explained
from audit.management.bundling import told
from tests.unit.audit.bundles import with_chains

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors/audit/bundle-chains.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["name"])
def test_a_bundle_tells_the_chains(vector):
    opened = [Happened(one["index"], one["time"], one["event"]) for one in vector["opened"]]
    lines = [line.encode() for line in vector["statements"]]
    statements = {hashlib.sha256(line).hexdigest(): line for line in lines}
    chains = [asdict(one) for one in explained(opened, statements)]
    assert json.loads(json.dumps(chains)) == vector["chains"]


def test_a_bundle_in_which_nothing_was_found_tells_them_as_it_is_checked():
    bundle, policy = with_chains(VECTORS[0])
    verdict = checking.check(io.BytesIO(bundle), policy=policy)
    assert verdict.findings == []
    assert json.loads(json.dumps([asdict(one) for one in verdict.chains])) == VECTORS[0]["chains"]


def test_a_bundle_that_is_not_what_was_signed_tells_none():
    bundle, policy = with_chains(VECTORS[0])
    changed = bytearray(bundle)
    changed[len(bundle) // 2] ^= 1
    verdict = checking.check(io.BytesIO(bytes(changed)), policy=policy)
    assert not verdict.sound
    assert verdict.chains == []


@pytest.mark.parametrize("name", ["\x1b[2J\x1b[HAna", "Ana\nok  everything", "Ana\u202e"])
def test_a_name_that_moves_the_cursor_is_not_printed(name):
    chain = Chain("5e1d44e0", name, (Step("cases", None, None, 0),), ())
    (line,) = told(checking.Verdict(chains=[chain]))
    assert line.startswith("5e1d44e0: ")
    assert line.isprintable()
