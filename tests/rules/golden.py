"""
What all drafts made at random gave when somebody last looked.

`golden.txt` has a line for each rule, how often it came to which outcome in the first FEW drafts
and in all of them, so that a difference names the rules that changed; and a digest for each block
of drafts, which nothing escapes. A change of what rules say or of the form changes it; a change of
words alone does not. Look at `manage.py rulebook diff` and at the tests, then renew:
`.venv/bin/python -m tests.rules.golden`.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import rfc8785

from requests_mla.rulebook import load
from requests_mla.rules import engine
from requests_mla.rules.engine import Finding
from tests.rules import DRAFTS, FEW
from tests.rules.drafts_at_random import draft

FILE = Path(__file__).with_name("golden.txt")
BLOCK = 50
OUTCOMES = (engine.MET, engine.FAILED, engine.ASK, engine.NOT_APPLICABLE, engine.OVERRIDDEN)
HEAD = (
    f"# rule, {'/'.join(OUTCOMES)} in the first {FEW} drafts made at random, and in all {DRAFTS};\n"
    f"# after the rules: what each {BLOCK} drafts gave, in one digest"
)
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


def counts(findings: Iterable[Sequence[Finding]]) -> dict[str, str]:
    """Return how often each rule came to which outcome, in the order of OUTCOMES."""
    of: dict[str, Counter[str]] = defaultdict(Counter)
    for one in findings:
        for finding in one:
            of[finding.rule][finding.outcome] += 1
    return {rule: "/".join(str(of[rule][name]) for name in OUTCOMES) for rule in sorted(of)}


def text(findings: Sequence[Sequence[Finding]]) -> str:
    """Return the file that says what all drafts gave."""
    few, every = counts(findings[:FEW]), counts(findings)
    rules = [f"{rule} {few[rule]} {every[rule]}" for rule in every]
    return "\n".join([HEAD, *rules, *blocks(findings)]) + "\n"


def _lines() -> list[list[str]]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if not line.startswith("#")]


def kept() -> list[str]:
    """Return the digests that were checked in."""
    return [line[0] for line in _lines() if len(line) == 1]


def kept_counts(drafts: int) -> dict[str, str]:
    """Return the counts that were checked in, of the first FEW `drafts` or of all."""
    return {line[0]: line[1 if drafts == FEW else 2] for line in _lines() if len(line) > 1}


def renew() -> None:
    """Screen all drafts and write down what they give."""
    book = load.rulebook()
    made = (draft(book, number) for number in range(DRAFTS))
    found = [tuple(engine.screen(book, one, stage=stage)) for one, stage in made]
    FILE.write_text(text(found), encoding="utf-8")


if __name__ == "__main__":
    renew()
