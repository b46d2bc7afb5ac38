"""The server's rulebook, and what it says about disclosed facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .policies import Vocabulary
from .rules import book as books
from .rules import engine
from .states import Stage

COMPILED = Path(__file__).with_name("rulebook") / "compiled.json"


@cache
def rulebook() -> books.Book:
    """Return the rulebook of this server: the file that `manage.py rulebook build` made."""
    return books.read(COMPILED.read_bytes())


@cache
def vocabulary() -> Vocabulary:
    """Return what disclosed facts may name."""
    book = rulebook()
    fields = {
        (section["id"], field["key"]): field
        for section in book.document["sections"]
        for field in section["fields"]
    }
    levels = fields["urgency", "level"]["options"]
    return Vocabulary(
        states=frozenset(book.states),
        measures=frozenset(book.measures),
        instruments=frozenset(book.instruments),
        urgency=frozenset(option["value"] for option in levels),
        overridable=frozenset(rule.id for rule in book.rules if rule.overridable),
    )


def instruments() -> frozenset[str]:
    """Return the ids of the rulebook's instruments: the directory asks, by the settings."""
    return frozenset(rulebook().instruments)


def rules() -> frozenset[str]:
    """Return the ids of the rulebook's rules."""
    return frozenset(rule.id for rule in rulebook().rules)


def mild() -> frozenset[str]:
    """Return the kinds of assistance that are never coercive, by id."""
    return frozenset(one.id for one in rulebook().measures.values() if one.coercive == "no")


def severe() -> frozenset[str]:
    """Return the rules that block when they fail, by id."""
    return frozenset(rule.id for rule in rulebook().rules if rule.severity == "blocks")


def blocking(
    disclosed: Mapping[str, Any],
    *,
    overridden: Collection[str],
    today: str,
    stage: Stage = Stage.READY,
) -> list[str]:
    """
    Return the rules that keep a request with these disclosed facts from a stage, by id.

    It is judged by the law of the draft's own date and by today's (`YYYY-MM-DD`): a date chosen so
    that nothing is in force yet helps nobody.
    """
    book = rulebook()
    findings = (
        finding
        for law_date in {disclosed["law_date"], today}
        for finding in engine.screen_disclosed(
            book,
            {**disclosed, "law_date": law_date},
            stage=stage.value,
            overridden=overridden,
        )
    )
    return sorted({f.rule for f in findings if f.outcome == engine.FAILED and f.rule in severe()})
