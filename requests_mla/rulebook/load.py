"""From the lawyers' files to the one document that both engines read."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import rfc8785

from ..rules import book as book_module
from ..rules import facts as facts_module
from ..rules.book import FORMAT, Book
from ..rules.cel import Language, NotAllowed, needs
from .source import ABOUT, ROOT, Problem, Source, read
from .vocabulary import strangers, vocabulary

Document = dict[str, Any]
_UNREAD = frozenset({"cases", "note"})  # kept for the people who write rules


def compiled(document: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a compiled rulebook (RFC 8785); their hash is its version."""
    return rfc8785.dumps(dict(document))


def rulebook(root: Path = ROOT) -> Book:
    """
    Read and compile the files under `root`.

    :raises ValueError: if one has a problem; `manage.py rulebook check` says it better.
    """
    sources, problems = read(root)
    document, more = compile_sources(sources)
    if problems or more:
        raise ValueError("\n".join(map(str, [*problems, *more])))
    return book_module.of_document(document, book_module.version(compiled(document)))


def tolerant(sources: Sequence[Source]) -> Book:
    """Return the book of the files that fit together; what does not is left out."""
    document, _ = compile_sources(sources)
    return book_module.of_document(document, book_module.version(compiled(document)))


def compile_sources(sources: Sequence[Source]) -> tuple[Document, list[Problem]]:
    """
    Return the document made of the files that fit together, and what does not fit.

    A rule with a problem is left out, so that the others can be tried meanwhile.
    """
    of = {kind: [one for one in sources if one.kind == kind] for kind in _ORDER}
    problems = _twice([one for ones in of.values() for one in ones])
    for kind, key in _ORDER.items():
        of[kind].sort(key=lambda source: [source.data[name] for name in key])
    problems += _catalogue_problems(of["measure"], of["section"])
    problems += _reference_problems(of["instrument"])
    sections = [book_module.section(one.data) for one in of["section"]]
    states = [book_module.state(one.data) for one in of["state"]]
    instruments = [str(one.data["id"]) for one in of["instrument"]]
    measures = [book_module.measure(one.data) for one in of["measure"]]
    catalogue = {field.key: field.kind for measure in measures for field in measure.fields}
    top = facts_module.declared_top(sections, instruments, states)
    items = {
        section.id: facts_module.declared_items(section, catalogue)
        for section in sections
        if section.item is not None
    }
    problems += _name_problems([top, *items.values()])
    facts = {"top": dict(top), "items": {section: dict(own) for section, own in items.items()}}
    language = Language(dict([*top, *itertools.chain.from_iterable(items.values())]))
    document: Document = {
        "format": FORMAT,
        "facts": facts,
        "sections": [one.data for one in of["section"]],
        "measures": [one.data for one in of["measure"]],
        "instruments": [one.data for one in of["instrument"]],
        "states": [one.data for one in of["state"]],
        "rules": [],
    }
    for source in sources:
        if source.kind == ABOUT:
            document["about"] = source.data
            problems += _group_problems(source.data, of["section"], of["measure"])
    problems += _pair_problems(of["instrument"])
    names = {str(one.data["id"]) for one in of["rule"]}
    words = vocabulary(document)
    for source in of["rule"]:
        wrong = _rule_problems(source, document, names, language, words)
        problems += wrong
        if not wrong:
            disclosed = all(
                facts_module.is_disclosed(name, instruments, states)
                for name in source.data["needs"]
            )
            document["rules"].append(_rule(source.data, disclosed=disclosed))
    return document, problems


_ORDER = {
    "section": ("order", "id"),
    "measure": ("id",),
    "instrument": ("id",),
    "state": ("id",),
    "rule": ("id",),
}


def expressions(rule: Mapping[str, Any], part: str) -> list[str]:
    """Return a rule's `when` or `test` as a list; one expression may be written without dashes."""
    written = rule[part]
    return [written] if isinstance(written, str) else list(written)


def _rule(data: Mapping[str, Any], *, disclosed: bool) -> Document:
    parts = {
        part: [{"cel": one, "needs": list(needs(one))} for one in expressions(data, part)]
        for part in ("when", "test")
    }
    kept = {key: value for key, value in data.items() if key not in _UNREAD}
    return {**kept, **parts, "needs": sorted(data["needs"]), "disclosed": disclosed}


# ------------------------------------------------------------------ what does not fit


def _twice(sources: Sequence[Source]) -> list[Problem]:
    count = Counter((one.kind, one.data["id"]) for one in sources)
    return [
        one.problem(f"there are two called {one.data['id']}", "Give one another id.", ("id",))
        for one in sources
        if count[one.kind, one.data["id"]] > 1
    ]


def _catalogue_problems(measures: Iterable[Source], sections: Iterable[Source]) -> list[Problem]:
    """Find keys that mean two things: one fact has one type, whatever the kind of assistance."""
    problems: list[Problem] = []
    common = {
        field["key"]
        for one in sections
        if one.data["id"] == "measures"
        for field in one.data["fields"]
    }
    kinds: dict[str, tuple[str, str]] = {}
    for source in measures:
        for number, field in enumerate(source.data["fields"]):
            at = ("fields", number, "key")
            key, kind = field["key"], field["kind"]
            first, owner = kinds.setdefault(key, (kind, source.data["id"]))
            if key in common:
                what = f"{key} is already a question about every measure (sections/measures.yaml)"
                problems.append(source.problem(what, "Give it another key.", at))
            if kind != first:
                what = f"{key} is {kind} here and {first} in {owner}"
                problems.append(source.problem(what, "Same key, same kind: change one.", at))
    return problems


def _reference_problems(instruments: Sequence[Source]) -> list[Problem]:
    names = {one.data["id"] for one in instruments}
    return [
        one.problem(
            f"there is no instrument {one.data['cited_with']}", "Correct it.", ("cited_with",)
        )
        for one in instruments
        if one.data.get("cited_with", one.data["id"]) not in names
    ]


def _group_problems(
    about: Mapping[str, Any], sections: Sequence[Source], measures: Sequence[Source]
) -> list[Problem]:
    """Find sections and measures under a heading that about.yaml does not have."""
    problems: list[Problem] = []
    for key, sources in (("section_groups", sections), ("measure_groups", measures)):
        known = [one["id"] for one in about[key]]
        problems += [
            one.problem(
                f"there is no heading {one.data['group']}",
                f"Write one of: {', '.join(known)}; or add it to {key} in about.yaml.",
                ("group",),
            )
            for one in sources
            if one.data.get("group", known[0] if known else None) not in [*known, None]
        ]
    return problems


def _pair_problems(instruments: Sequence[Source]) -> list[Problem]:
    """Find treaties on mutual legal assistance that do not say since when they bind a party."""
    return [
        one.problem(
            f"parties.{iso} lacks from",
            "Write since when it is bound: a date, a year, or unknown.",
            ("parties", iso),
        )
        for one in instruments
        if one.data["class"] == "mla"
        for iso, party in one.data["parties"].items()
        if party["party"] == "yes" and "from" not in party
    ]


def _name_problems(tables: Iterable[Iterable[tuple[str, str]]]) -> list[Problem]:
    count = Counter(name for table in tables for name, _ in table)
    do = "Two questions give the same fact: give one of them another key."
    return [
        Problem("sections, measures, states", 0, f"two facts are called {name}", do)
        for name, times in count.items()
        if times > 1
    ]


def _rule_problems(
    source: Source,
    document: Document,
    names: set[str],
    language: Language,
    words: Mapping[str, frozenset[str]],
) -> list[Problem]:
    """Return what is wrong with a rule's expressions, facts and references."""
    data, problems = source.data, []
    each = data.get("each")
    items = document["facts"]["items"]
    if each is not None and each not in items:
        what = f"each: there is no list section {each}"
        return [source.problem(what, f"Write one of: {', '.join(sorted(items))}.", ("each",))]
    scope = {**document["facts"]["top"], **items.get(each, {})}
    used: set[str] = set()
    for part in ("when", "test"):
        for number, expression in enumerate(expressions(data, part)):
            at = (part, number)
            try:
                language.program(expression)
            except NotAllowed as error:
                do = f"Correct it in: {expression}"
                problems.append(source.problem(f"{part}: {error}", do, at))
                continue
            used |= set(needs(expression))
            for word in strangers(expression, needs(expression), words):
                do = f"A typing error? Compare with the options of the question: {expression}"
                problems.append(source.problem(f"{part}: no answer can be {word!r}", do, at))
    for name in sorted(used - scope.keys()):
        what = f"{name} is a fact about one item of a list"
        problems.append(source.problem(what, "Add `each:` with its section.", ("test",)))
    if not problems and used != set(data["needs"]):
        do = f"Write needs: [{', '.join(sorted(used))}]"
        problems.append(source.problem("needs are not the facts used", do, ("needs",)))
    problems += _place_problems(source, document)
    problems += _named_problems(source, items)
    for number, other in enumerate(data.get("yields_to", ())):
        if other not in names:
            at = ("yields_to", number)
            problems.append(source.problem(f"there is no rule {other}", "Correct it.", at))
    return problems


def _named_problems(source: Source, items: Mapping[str, Mapping[str, str]]) -> list[Problem]:
    """Find what `names` cannot be: a finding names questions only of the item it is about."""
    data = source.data
    names, each = data.get("names"), data.get("each", "")
    if names is None or (names in data["needs"] and items.get(each, {}).get(names) == "list"):
        return []
    what = f"names: {names} is no list among the needs of a rule with `each`"
    return [source.problem(what, "Write a fact such as measure_missing.", ("names",))]


def _place_problems(source: Source, document: Document) -> list[Problem]:
    """Return whether the place that a finding leads to exists."""
    name, _, key = source.data["at"].partition(".")
    sections = {one["id"]: one for one in document["sections"]}
    if name not in sections:
        return [source.problem(f"at: there is no section {name}", "Correct it.", ("at",))]
    keys = {field["key"] for field in sections[name]["fields"]}
    if name == "measures":
        keys |= {field["key"] for one in document["measures"] for field in one["fields"]}
    if key and key not in keys:
        do = f"Write one of: {', '.join(sorted(keys))}."
        return [source.problem(f"at: section {name} has no question {key}", do, ("at",))]
    return []
