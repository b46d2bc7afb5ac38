"""
Realistic drafts with known defects: what screening should find in them, and what it should not.

One file a draft in tests/rules/drafts/: `name`, `draft` (only what somebody filled in), `stage`
("ready" if left out, as drafts are screened) and `defects`, each with the `rule` that should see
it, the `outcome` (failed or ask), why (`because`) and the guidance it is taken from (`source`). A
defect that no rule looks for has no rule and says why (`no_rule`). A rule that is not named should
neither fail nor ask;
`clean_of` names those that would be the worst false alarms; `clean`: nothing that blocks fails.
Where rules and lists still differ, differences.yaml says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from requests_mla.rulebook.source import plain
from requests_mla.rules import engine
from requests_mla.rules.book import Book

FOLDER = Path(__file__).with_name("drafts")
FOUND = frozenset({engine.FAILED, engine.ASK})
NO_RULE = "no rule"
MISSED, ALARM = "missed", "alarm"
_DIFFERENCES = Path(__file__).with_name("differences.yaml")
_USUAL = {"v": 1, "language": "es", "law_date": "2026-11-24", "unknown": [], "overrides": []}


@dataclass(frozen=True, slots=True)
class Fixture:
    """
    One draft, the outcomes that its author expects by rule, and the rules that must be quiet.

    A defect that no rule looks for stands under a name of its own, such as "no rule (1)".
    `reasons`: for each of `expect`, what is wrong.
    """

    file: str
    name: str
    stage: str
    clean: bool
    draft: Mapping[str, Any]
    expect: Mapping[str, str]
    reasons: Mapping[str, str]
    clean_of: Sequence[str]


def fixtures() -> Iterator[Fixture]:
    """Yield all drafts, in the order of their files' names."""
    for path in sorted(FOLDER.glob("*.yaml")):
        data = _read(path)
        defects = {
            one["rule"] or f"{NO_RULE} ({number})": one
            for number, one in enumerate(data["defects"])
        }
        yield Fixture(
            file=path.name,
            name=data["name"],
            stage=data.get("stage", "ready"),
            clean=data.get("clean", False),
            draft={**_USUAL, **data["draft"]},
            expect={rule: one["outcome"] for rule, one in defects.items()},
            reasons={rule: _why(one) for rule, one in defects.items()},
            clean_of=data.get("clean_of", ()),
        )


def found(book: Book, fixture: Fixture) -> dict[str, str]:
    """Return the rules that fail or ask in a fixture's draft, with their outcomes."""
    findings = engine.screen(book, fixture.draft, stage=fixture.stage)
    return {one.rule: one.outcome for one in findings if one.outcome in FOUND}


def differences(seen: str) -> dict[tuple[str, str], str]:
    """Return what differs by draft and rule, with the reason; `seen`: MISSED or ALARM."""
    return {
        (one["draft"], one["rule"]): one["reason"]
        for one in _read(_DIFFERENCES)
        if one["seen"] == seen
    }


def _read(path: Path) -> Any:
    return plain(YAML(typ="safe", pure=True).load(path.read_text("utf-8")))


def _why(defect: Mapping[str, str]) -> str:
    more = f" [{defect['no_rule']}]" if "no_rule" in defect else ""
    return defect["because"] + more
