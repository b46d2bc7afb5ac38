"""
What all drafts made at random gave when somebody last looked: a digest for each block of them.

A change of what rules say or of the form changes it; a change of words alone does not. Look at
`manage.py rulebook diff` and at the tests, then renew:
`.venv/bin/python -m tests.rules.golden`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import rfc8785

from requests_mla.rulebook import load
from requests_mla.rules import engine
from requests_mla.rules.engine import Finding
from tests.rules import DRAFTS
from tests.rules.drafts_at_random import draft

FILE = Path(__file__).with_name("golden.txt")
BLOCK = 50
RENEW = ".venv/bin/python -m tests.rules.golden"


def blocks(findings: Sequence[Sequence[Finding]]) -> list[str]:
    """Return the first 16 hexadecimal digits of each block's SHA-256."""
    digests = []
    for start in range(0, len(findings), BLOCK):
        total = hashlib.sha256()
        for one in findings[start : start + BLOCK]:
            total.update(rfc8785.dumps([finding.as_json() for finding in one]))
        digests.append(total.hexdigest()[:16])
    return digests


def kept() -> list[str]:
    """Return the digests that were checked in."""
    return FILE.read_text(encoding="utf-8").split()


def renew() -> None:
    """Screen all drafts and write down what they give."""
    book = load.rulebook()
    made = (draft(book, number) for number in range(DRAFTS))
    found = [engine.screen(book, one, stage=stage) for one, stage in made]
    FILE.write_text("\n".join(blocks(found)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    renew()
