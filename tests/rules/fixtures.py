"""
Realistic drafts with known defects: what screening should find in them, and what it should not.

One file a draft in tests/rules/drafts/: `name`, `draft` (only what somebody filled in), `stage`
("draft" if left out) and `expect`: for every rule that should fail or ask, its outcome. A rule that
is not named should neither fail nor ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from requests_mla.rulebook.source import plain
from requests_mla.rules import engine
from requests_mla.rules.book import Book

FOLDER = Path(__file__).with_name("drafts")
FOUND = frozenset({engine.FAILED, engine.ASK})
_USUAL = {"v": 1, "language": "es", "law_date": "2026-11-24", "unknown": [], "overrides": []}


@dataclass(frozen=True, slots=True)
class Fixture:
    """One draft and the outcomes that a lawyer expects, by rule."""

    file: str
    name: str
    stage: str
    draft: Mapping[str, Any]
    expect: Mapping[str, str]


def fixtures() -> Iterator[Fixture]:
    """Yield all drafts, in the order of their files' names."""
    for path in sorted(FOLDER.glob("*.yaml")):
        data = plain(YAML(typ="safe", pure=True).load(path.read_text("utf-8")))
        draft = {**_USUAL, **data["draft"]}
        yield Fixture(path.name, data["name"], data.get("stage", "draft"), draft, data["expect"])


def found(book: Book, fixture: Fixture) -> dict[str, str]:
    """Return the rules that fail or ask in a fixture's draft, and those it names."""
    findings = engine.screen(book, fixture.draft, stage=fixture.stage)
    return {
        one.rule: one.outcome
        for one in findings
        if one.outcome in FOUND or one.rule in fixture.expect
    }
