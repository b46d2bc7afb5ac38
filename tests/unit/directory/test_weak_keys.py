"""A key under which anybody can sign is nobody's: no statement may name one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casehub.core.frames import to_b64u
from casehub.directory import statements
from casehub.directory.statements import ChainBroken
from tests.unit.directory import test_chain as chain

VECTORS = Path(__file__).parents[2] / "vectors" / "weak-keys.json"
POINTS = [bytes.fromhex(point) for point in json.loads(VECTORS.read_text())["keys"]]
SIGNED = [bytes([*point[:-1], point[-1] | 0x80]) for point in POINTS]
NAMING = {"state-root": "key", "officer": "key", "binding": "key", "device": "signature_key"}


@pytest.mark.parametrize("point", [*POINTS, *SIGNED], ids=lambda point: point.hex()[:6])
@pytest.mark.parametrize("kind", NAMING)
def test_no_statement_names_a_point_of_small_order(kind, point):
    one = next(one for one in chain.WHOLE if one.type == kind)
    fields = dict(one.fields) | {NAMING[kind]: to_b64u(point)}
    if kind == "binding":
        fields["words"] = statements.fingerprint(point)
    wire = statements.as_wire(chain.make(kind, fields, [chain.ROOT]))
    with pytest.raises(ChainBroken) as broken:
        statements.parse(wire)
    assert broken.value.why == "malformed"


def test_honest_keys_are_none_of_them():
    assert not any(statements.is_weak(one) for one in chain.ROOTS.values())
