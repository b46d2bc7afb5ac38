"""The safety number's vectors, which the browser is held to as well, worked out once more here."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from uuid import UUID

import pytest

from casehub.core.frames import from_b64u

FILE = Path(__file__).parents[2] / "vectors" / "safety-numbers.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))["cases"]
LABEL = b"casehub/safety-number/1\0"


def digits(side):
    keys = sorted(from_b64u(key, most=32) for key in side["keys"])
    digest = hashlib.sha512(LABEL + UUID(side["person"]).bytes + b"".join(keys)).digest()
    chunks = (digest[at : at + 5] for at in range(0, 30, 5))
    return "".join(f"{int.from_bytes(chunk, 'big') % 100_000:05d}" for chunk in chunks)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
class TestASafetyNumber:
    def test_is_sixty_digits_of_both_sides_lower_first(self, case):
        assert case["number"] == "".join(sorted(map(digits, case["sides"])))
        assert len(case["number"]) == 60
