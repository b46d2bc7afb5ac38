"""The rulebook as both engines read it: one canonical JSON document, whose hash is its version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cel import Language, Program

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form; `asks_when_blank`: no answer is an open question, not a "no"."""

    key: str
    kind: str
    required: bool
    asks_when_blank: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form; `item` is the prefix of one item's facts if it is a list."""

    id: str
    item: str | None
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Span:
    """
    From when until before when something counts.

    `begin` is a date or year, "" for always, None if unknown, or "not_yet"; compared as text, a
    year comes before its days and "not_yet" after every date.
    """

    begin: str | None
    end: str | None

    def holds(self, day: str) -> bool | None:
        """Return whether `day` lies inside; None if that is not known."""
        if self.end is not None and day >= self.end:
            return False
        return None if self.begin is None else self.begin <= day


@dataclass(frozen=True, slots=True)
class Party:
    """Whether a State is bound by an instrument, and since when."""

    party: bool | None
    span: Span


@dataclass(frozen=True, slots=True)
class Instrument:
    """
    A treaty or channel; `role` is what it can be in a request (`class` in its file).

    `categories` and `measures`: it concerns only these offences or kinds of assistance, all if
    there are none. `watched`: not yet to be offered. `dual_criminality`: it has an article on that.
    """

    id: str
    kind: str
    role: str
    span: Span
    parties: Mapping[str, Party]
    cited_with: str | None
    citation: str
    categories: Sequence[str]
    measures: Sequence[str]
    watched: bool
    dual_criminality: bool


@dataclass(frozen=True, slots=True)
class State:
    """A State with its facts; a fact of None is not established."""

    id: str
    facts: Mapping[str, str | list[str] | None]
    central_authorities: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind of assistance: whether it is coercive ("yes", "no", "depends"), its own fields."""

    id: str
    coercive: str
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Conjunct:
    """One expression of a rule, the facts it needs, and how to ask it."""

    cel: str
    needs: Sequence[str]
    holds: Program


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `disclosed`: it needs only facts that the server has too."""

    id: str
    theme: str
    severity: str
    overridable: bool
    each: str | None
    needs: Sequence[str]
    when: Sequence[Conjunct]
    test: Sequence[Conjunct]
    span: Span
    disclosed: bool


@dataclass(frozen=True, slots=True)
class Book:
    """
    Everything that is law in this project.

    `catalogue`: own fields of all measures, key and kind. `top` and `items`: the facts about a
    whole draft and about one item of each list section, name and type. `about`: headings, the words
    for what is known how, the state of the translations (about.yaml).
    """

    version: str
    sections: Sequence[Section]
    instruments: Mapping[str, Instrument]
    states: Mapping[str, State]
    measures: Mapping[str, Measure]
    catalogue: Mapping[str, str]
    top: Mapping[str, str]
    items: Mapping[str, Mapping[str, str]]
    rules: Sequence[Rule]
    about: Mapping[str, Any]
    document: Mapping[str, Any] = field(repr=False)


def version(compiled: bytes) -> str:
    """Return the version of a rulebook: the SHA-256 of its canonical bytes, in hexadecimal."""
    return hashlib.sha256(compiled).hexdigest()


def read(compiled: bytes) -> Book:
    """
    Read a compiled rulebook.

    :raises ValueError: if it is of another format.
    """
    document = json.loads(compiled)
    if document["format"] != FORMAT:
        raise ValueError(f"a rulebook of format {document['format']}, not {FORMAT}")
    return of_document(document, version(compiled))


def of_document(document: Mapping[str, Any], name: str) -> Book:
    """Return the book that a compiled document holds, `name` being its version."""
    top, items = document["facts"]["top"], document["facts"]["items"]
    facts = {**top, **{fact: kind for own in items.values() for fact, kind in own.items()}}
    language = Language(facts)
    measures = {one["id"]: measure(one) for one in document["measures"]}
    return Book(
        version=name,
        sections=tuple(section(one) for one in document["sections"]),
        instruments={one["id"]: instrument(one) for one in document["instruments"]},
        states={one["id"]: state(one) for one in document["states"]},
        measures=measures,
        catalogue={
            field.key: field.kind for measure in measures.values() for field in measure.fields
        },
        top=top,
        items=items,
        rules=tuple(rule(one, language) for one in document["rules"]),
        about=document.get("about", {}),
        document=document,
    )


# ------------------------------------------------------------------ parts


def _field(data: Mapping[str, Any]) -> Field:
    return Field(
        data["key"], data["kind"], data["need"] == "required", data.get("blank") == "unknown"
    )


def section(data: Mapping[str, Any]) -> Section:
    """Return a section of the form."""
    return Section(data["id"], data.get("item"), tuple(_field(one) for one in data["fields"]))


def _span(data: Mapping[str, Any], default: str | None) -> Span:
    begin = data.get("from", default)
    return Span(None if begin == "unknown" else begin, data.get("until"))


def instrument(data: Mapping[str, Any]) -> Instrument:
    """Return a treaty or channel."""
    known = {"yes": True, "no": False}
    citation = data.get("citation", data["id"])
    parties = {
        iso: Party(known.get(one["party"]), _span(one, "")) for iso, one in data["parties"].items()
    }
    return Instrument(
        id=data["id"],
        kind=data["kind"],
        role=data["class"],
        span=_span(data["in_force"], None),
        parties=parties,
        cited_with=data.get("cited_with"),
        citation=citation if isinstance(citation, str) else citation["en"],
        categories=tuple(data.get("offence_categories", ())),
        measures=tuple(data.get("for_measures", ())),
        watched=data.get("watch", False),
        dual_criminality="dual_criminality" in data.get("articles", {}),
    )


def _established(value: str | list[str]) -> str | list[str] | None:
    open_ = value == "unknown" or (isinstance(value, list) and "unknown" in value)
    return None if open_ else value


def state(data: Mapping[str, Any]) -> State:
    """Return a State and its facts."""
    authorities = data.get("central_authorities", {})
    return State(
        id=data["id"],
        facts={key: _established(one["value"]) for key, one in data["facts"].items()},
        central_authorities={
            key: None if one["value"] == "unknown" else one["value"]
            for key, one in authorities.items()
        },
    )


def measure(data: Mapping[str, Any]) -> Measure:
    """Return a kind of assistance."""
    return Measure(data["id"], data["coercive"], tuple(_field(one) for one in data["fields"]))


def rule(data: Mapping[str, Any], language: Language) -> Rule:
    """
    Return a rule, its expressions ready to be asked.

    :raises NotAllowed: if an expression is not in the language.
    """

    def conjuncts(expressions: Sequence[Mapping[str, Any]]) -> tuple[Conjunct, ...]:
        return tuple(
            Conjunct(one["cel"], tuple(one["needs"]), language.program(one["cel"]))
            for one in expressions
        )

    return Rule(
        id=data["id"],
        theme=data["theme"],
        severity=data["severity"],
        overridable=data["overridable"],
        each=data.get("each"),
        needs=tuple(data["needs"]),
        when=conjuncts(data["when"]),
        test=conjuncts(data["test"]),
        span=_span(data["in_force"], ""),
        disclosed=data["disclosed"],
    )
