"""
The engine: what every rule in force says about a draft. Pure; the same in the browser.

A rule that needs an unknown fact neither passes nor fails: it becomes a question. Conditions and
tests are lists, each read as "all of these": one that is known to be false decides, whatever else
is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import facts as facts_module
from .book import Book, Conjunct, Rule
from .cel import Value
from .facts import Draft, Facts, Table

MET, FAILED, ASK = "met", "failed", "ask"
NOT_APPLICABLE, OVERRIDDEN = "not_applicable", "overridden"

_GRAVEST_FIRST = (FAILED, ASK, OVERRIDDEN, MET)


@dataclass(frozen=True, slots=True)
class Item:
    """What a rule says about one item of its list section, and the facts it used."""

    item: int
    outcome: str
    facts: Table


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says about a draft: with the facts it used, or item by item."""

    rule: str
    outcome: str
    facts: Table | None
    items: Sequence[Item] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the finding as both engines write it; its canonical form is signed."""
        if self.items is None:
            return {"rule": self.rule, "outcome": self.outcome, "facts": dict(self.facts or {})}
        items = [{"item": i.item, "outcome": i.outcome, "facts": dict(i.facts)} for i in self.items]
        return {"rule": self.rule, "outcome": self.outcome, "items": items}


def _all(conjuncts: Sequence[Conjunct], table: Table) -> bool | None:
    """Return whether all hold; None if that hangs on an unknown fact."""
    unknown = False
    for conjunct in conjuncts:
        known = {name: table[name] for name in conjunct.needs}
        if None in known.values():
            unknown = True
        elif not conjunct.holds(known):
            return False
    return None if unknown else True


def decide(rule: Rule, table: Table, *, overridden: bool = False) -> str:
    """Return the outcome of a rule for one flat table of facts."""
    applies = _all(rule.when, table)
    if applies is False:
        return NOT_APPLICABLE
    passes = _all(rule.test, table) if applies else None
    if passes is None:
        return ASK
    if passes:
        return MET
    return OVERRIDDEN if overridden and rule.overridable else FAILED


def apply(rule: Rule, facts: Facts) -> Finding:
    """Return what a rule says, about the whole draft or about each item of its section."""
    overridden = rule.id in facts.overrides
    if rule.each is None:
        outcome = decide(rule, facts.top, overridden=overridden)
        return Finding(rule.id, outcome, _used(rule, facts.top))
    items = []
    for number, table in enumerate(facts.items.get(rule.each, ())):
        outcome = decide(rule, table, overridden=overridden)
        if outcome != NOT_APPLICABLE:
            items.append(Item(number, outcome, _used(rule, table)))
    outcomes = {item.outcome for item in items}
    gravest = next((one for one in _GRAVEST_FIRST if one in outcomes), NOT_APPLICABLE)
    return Finding(rule.id, gravest, None, items)


def _used(rule: Rule, table: Table) -> dict[str, Value]:
    return {name: table[name] for name in rule.needs}


def screen(book: Book, draft: Draft, *, stage: str) -> tuple[Finding, ...]:
    """
    Return what every rule in force on the draft's date says, in the order of the book.

    :raises NoDate: if the draft has no date of its law.
    """
    return _findings(book.rules, facts_module.derive(book, draft, stage=stage))


def screen_disclosed(
    book: Book, disclosed: Mapping[str, Any], *, stage: str, overridden: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """
    Return what the rules say that need no more than the disclosed facts.

    `disclosed`: requesting_state, requested_state, law_date, measures (types), instruments (ids),
    urgency, deadline; null stands for an answer marked unknown. `overridden`: rules that the
    author says were set aside; the reasons are in the draft.

    :raises NoDate: if there is no date of the law.
    """
    draft = facts_module.disclosed_draft(disclosed)
    facts = facts_module.derive(book, draft, stage=stage)
    facts = Facts(facts.top, facts.items, frozenset(overridden))
    return _findings((rule for rule in book.rules if rule.disclosed), facts)


def _findings(rules: Iterable[Rule], facts: Facts) -> tuple[Finding, ...]:
    day = str(facts.top["law_date"])
    return tuple(apply(rule, facts) for rule in rules if rule.span.holds(day))
